// The main job's page.
#pragma once

#include "hardscape/document.hpp"
#include "hardscape/overview.hpp"

namespace hardscape::cli {

Document view_of(const Overview& overview, bool explain = false);

}  // namespace hardscape::cli
