// NVIDIA's kernel driver as /proc/driver/nvidia tells it, and NVML's return codes as sentences. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hardscape/machine.hpp"

namespace hardscape {

// "580.126.09" of /proc/driver/nvidia/version; nothing when no word looks like a version.
std::optional<std::string> nvidia_kernel_version(std::string_view text);

struct NvidiaInformation {
  std::string model;
  std::string uuid;
  bool is_excluded = false;
};
// /proc/driver/nvidia/gpus/<address>/information.
NvidiaInformation parse_nvidia_information(std::string_view text);

// What an NVML return code means for a person, and what to try. `kernel` and `library` are versions, empty if unknown.
Note nvml_failure_note(int code, std::string_view kernel, std::string_view library);

// "3g.40gb" of "NVIDIA H100 80GB HBM3 MIG 1c.3g.40gb": the GPU instance's profile, without the compute instance's.
std::string mig_profile(std::string_view name);

// Compute capability of a Tegra chip by the device tree ("nvidia,tegra234" is "8.7"); empty for others.
std::string tegra_compute_capability(std::string_view compatible);

}  // namespace hardscape
