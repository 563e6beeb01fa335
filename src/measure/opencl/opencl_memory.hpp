// Bandwidth of a device's own memory: read, write, copy, triad.
#pragma once

#include "measure/opencl/opencl_probes.hpp"

namespace hardscape::opencl {

// Bytes of one of the three buffers: large against the cache, small against the memory.
std::uint64_t buffer_bytes(const DeviceInfo& info, std::optional<Bytes> most);

void add_memory_probes(const ProbedDevice& device, std::vector<measuring::Probe>& probes);

}  // namespace hardscape::opencl
