// What stands in the way of the processor's full speed, as far as its system says.
#pragma once

#include <cstdint>
#include <optional>

#include "measure/cpu/cores.hpp"
#include "measure/probe.hpp"

namespace hardscape::measuring {

// Governor, boost, huge pages, quota, memory channels, fewer threads than cores: a note each.
void add_obstacles(const ProbeContext& context, const CoreChoice& cores, DeviceProbes& out);

// How often heat throttled a processor since the machine started (Intel's counters); 0 where nobody counts.
std::int64_t thermal_throttles(const FileTree& files);
// That it happened between two readings.
std::optional<Note> throttled_by_heat(std::int64_t before, std::int64_t after);

}  // namespace hardscape::measuring
