// Memory of Intel GPUs, asked of the i915 and xe kernel drivers; and the decoding of their answers, which is pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "hardscape/units.hpp"

namespace hardscape {

struct IntelMemoryRegions {
  Bytes device;                      // all tiles together; 0 when the GPU has no memory of its own
  std::optional<Bytes> device_free;  // only told to privileged programs
  Bytes system;                      // what of the system's memory the driver maps at most
  std::string source;
};

// Opens a render node of this computer for the time of the question. Nothing when the driver refuses or is another.
std::optional<IntelMemoryRegions> ask_intel_memory_regions(const std::string& render_node, const std::string& driver);

// The answers as the drivers write them (i915_drm.h: drm_i915_query_memory_regions, xe_drm.h:
// drm_xe_query_mem_regions). Nothing when they are shorter than they say or hold nothing.
std::optional<IntelMemoryRegions> decode_i915_regions(std::span<const std::byte> answer);
std::optional<IntelMemoryRegions> decode_xe_regions(std::span<const std::byte> answer);

}  // namespace hardscape
