// The CUDA devices of this computer as probes.
#pragma once

#include "measure/probe.hpp"

namespace hardscape::cuda {

// A row of measuring::probe_sources(). Without a driver or a device: nothing, or one refused probe that says why when
// detection found an NVIDIA card or the user asked for CUDA.
measuring::DeviceProbes cuda_probes(const measuring::ProbeContext& context);

// Where the libraries are looked for; tests put their own there.
struct LibraryNames {
  std::vector<std::string> driver;
  std::vector<std::string> blas;
};
measuring::DeviceProbes cuda_probes(const measuring::ProbeContext& context, const LibraryNames& names);

}  // namespace hardscape::cuda
