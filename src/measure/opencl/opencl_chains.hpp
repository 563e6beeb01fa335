// Arithmetic rates: independent chains of fused multiply-adds, and of 8-bit products.
#pragma once

#include "measure/opencl/opencl_probes.hpp"

namespace hardscape::opencl {

void add_chain_probes(const ProbedDevice& device, std::vector<measuring::Probe>& probes);

}  // namespace hardscape::opencl
