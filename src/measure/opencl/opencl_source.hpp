// The OpenCL devices of this computer as probes.
#pragma once

#include "measure/opencl/opencl_devices.hpp"
#include "measure/probe.hpp"

namespace hardscape::opencl {

// A row of measuring::probe_sources(). Processors that OpenCL offers and devices that CUDA measures better are listed
// only when asked for by name: they are the same silicon.
measuring::DeviceProbes opencl_probes(const measuring::ProbeContext& context);
// The same with the loader at other places.
measuring::DeviceProbes opencl_probes(const measuring::ProbeContext& context, const std::vector<std::string>& names);

}  // namespace hardscape::opencl
