// A machine as a person reads it: sections with the notes at the end.
#pragma once

#include "hardscape/document.hpp"
#include "hardscape/machine.hpp"

namespace hardscape::cli {

Document view_of(const Machine& machine);

}  // namespace hardscape::cli
