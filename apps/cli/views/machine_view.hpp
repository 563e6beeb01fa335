// A machine as a person reads it: sections with the notes at the end.
#pragma once

#include "hardscape/document.hpp"
#include "hardscape/machine.hpp"

namespace hardscape::cli {

struct MachineViewOptions {
  bool explain = false;  // a section that says where each figure comes from
};

Document view_of(const Machine& machine, const MachineViewOptions& options = {});

}  // namespace hardscape::cli
