#include "measure/cpu/cpu_probes.hpp"
#include "measure/cuda/cuda_source.hpp"
#include "measure/opencl/opencl_source.hpp"
#include "measure/probe.hpp"

namespace hardscape::measuring {

const std::vector<ProbeSource>& probe_sources() {
  static const std::vector<ProbeSource> k_sources{
      {"cpu", cpu_probes},
      {"cuda", cuda::cuda_probes},
      {"opencl", opencl::opencl_probes},
  };
  return k_sources;
}

}  // namespace hardscape::measuring
