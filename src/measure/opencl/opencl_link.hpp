// The way between host and device: copies in both directions, and what a launch costs.
#pragma once

#include "measure/opencl/opencl_probes.hpp"

namespace hardscape::opencl {

void add_link_probes(const ProbedDevice& device, std::vector<measuring::Probe>& probes);

}  // namespace hardscape::opencl
