// The text of `sysctl -a` (or the same "key: value" lines made by the live route) of a Mac.
#pragma once

#include <string_view>

#include "detect/sightings.hpp"

namespace hardscape {

// Adds processors, their kinds and caches, memory size, system version and model. Processors are numbered with the
// fastest kind first; which of them share a core or cache follows from the counts. Does nothing to `seen` when the
// text has no hw.logicalcpu or hw.ncpu.
void parse_macos_sysctl(std::string_view text, Sightings& seen);

}  // namespace hardscape
