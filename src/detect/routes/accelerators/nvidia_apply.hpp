// What NVIDIA's libraries said, put into the records. Pure.
#pragma once

#include "detect/routes/accelerators/cuda_query.hpp"
#include "detect/routes/accelerators/nvml_report.hpp"
#include "detect/sightings.hpp"

namespace hardscape {

// `kernel_version` is of /proc/driver/nvidia/version, empty when unknown.
void apply_nvml_report(const NvmlReport& report, const std::string& kernel_version, Sightings& seen);
void apply_cuda_report(const std::vector<CudaDevice>& devices, Sightings& seen);

// The device's memory is the machine's: the driver gives no figure for it, and it is GB10, Thor, Orin or on a Tegra.
bool shares_system_memory(const NvmlDevice& device, const std::vector<std::string>& device_tree_compatible);

}  // namespace hardscape
