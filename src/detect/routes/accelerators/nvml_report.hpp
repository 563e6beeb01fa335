// What NVML said, as the child process that asked it passes it on: lines of "name<TAB>value". Pure values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/units.hpp"

namespace hardscape {

struct NvmlMigInstance {
  std::string name;                    // "NVIDIA H100 80GB HBM3 MIG 3g.40gb"
  std::string uuid;
  std::optional<int> gpu_instance;     // compute instances of one share its memory
  std::optional<int> compute_instance;
  std::optional<Bytes> total;          // without what is reserved
  std::optional<Bytes> free;
};

struct NvmlDevice {
  int failure = 0;                     // NVML's code when there was no handle; the rest is empty then
  std::string address;                 // "0000:01:00.0"
  std::uint32_t pci_device_id = 0;     // device << 16 | vendor
  std::string name;
  std::string uuid;
  std::string compute_capability;      // "9.0"
  int memory_failure = 0;              // NVML's code when it does not say the memory
  std::optional<Bytes> total;          // without what is reserved
  std::optional<Bytes> reserved;
  std::optional<Bytes> free;
  std::optional<double> power_limit_w;
  std::optional<int> bus_bits;
  std::optional<int> memory_clock_mhz;
  std::optional<int> cores;
  std::optional<int> virtualization;   // 1 passed through, 2 vGPU
  std::optional<int> addressing;       // 1 HMM, 2 ATS
  std::optional<bool> ecc;
  bool mig = false;
  std::vector<NvmlMigInstance> instances;
};

struct NvmlReport {
  bool has_library = false;
  std::string library_error;           // why it could not be opened
  std::string library_version;         // of the file
  int failure = 0;                     // NVML's code when it did not come up
  std::string driver_version;
  std::optional<int> cuda_version;     // 13010 is 13.1
  std::vector<NvmlDevice> devices;
};

// Unknown names are ignored, numbers out of range left out, at most 1024 devices and 64 instances of each.
NvmlReport parse_nvml_report(std::string_view text);

}  // namespace hardscape
