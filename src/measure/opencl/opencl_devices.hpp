// What OpenCL says about each device.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hardscape/machine.hpp"
#include "measure/opencl/opencl_library.hpp"

namespace hardscape::opencl {

struct DeviceInfo {
  Device device = nullptr;
  std::string name;
  std::string vendor;
  std::string platform;
  std::string driver;
  std::string extensions;             // with a blank before and after each
  Bitfield type = 0;
  Uint compute_units = 1;
  std::size_t work_group_most = 1;
  Ulong memory = 0;                   // bytes
  Ulong allocation_most = 0;          // bytes of one buffer
  Ulong cache = 0;                    // bytes of the last level, as the driver says
  bool available = true;
  bool has_compiler = true;
  bool has_fp64 = false;
  bool has_fp16 = false;
  bool has_fma_fp32 = false;          // fma() in hardware
  std::optional<std::string> pci;     // "0000:01:00.0"

  bool is_cpu() const { return (type & k_type_cpu) != 0; }
  bool has(std::string_view extension) const;
};

struct DeviceList {
  std::vector<DeviceInfo> devices;
  std::vector<std::string> complaints;  // platforms that refused, a sentence each
};

// Every device of every platform, at most 64. No platform at all is an empty list. Two platforms that show one PCI
// device give it twice: which driver is faster is worth knowing.
Result<DeviceList> list_devices(const Api& api);

}  // namespace hardscape::opencl
