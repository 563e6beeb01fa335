#include "measure/opencl/opencl_devices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "host/opencl_info.hpp"

namespace hardscape::opencl {
namespace {

constexpr Uint k_most = 64;

DeviceInfo describe(const Api& api, Device device, const std::string& platform) {
  DeviceInfo info;
  info.device = device;
  info.platform = platform;
  info.name = printable(text_of(api.get_device_info, device, k_device_board_name_amd));
  if (info.name.empty()) info.name = printable(text_of(api.get_device_info, device, k_device_name));
  info.vendor = printable(text_of(api.get_device_info, device, k_device_vendor));
  info.driver = printable(text_of(api.get_device_info, device, k_driver_version));
  info.extensions = " " + text_of(api.get_device_info, device, k_device_extensions) + " ";
  info.type = value_of<Bitfield>(api.get_device_info, device, k_device_type).value_or(0);
  info.compute_units = std::clamp(value_of<Uint>(api.get_device_info, device, k_device_max_compute_units).value_or(1), Uint{1}, Uint{65536});
  info.work_group_most = std::max<std::size_t>(1, value_of<std::size_t>(api.get_device_info, device, k_device_max_work_group_size).value_or(1));
  info.memory = value_of<Ulong>(api.get_device_info, device, k_device_global_mem_size).value_or(0);
  info.allocation_most = value_of<Ulong>(api.get_device_info, device, k_device_max_mem_alloc_size).value_or(info.memory / 4);
  info.cache = value_of<Ulong>(api.get_device_info, device, k_device_global_cache_size).value_or(0);
  info.available = value_of<Uint>(api.get_device_info, device, k_device_available).value_or(1) != 0;
  info.has_compiler = value_of<Uint>(api.get_device_info, device, k_device_compiler_available).value_or(1) != 0;
  // The flag alone is not enough: some drivers set it for what they emulate in software but do not offer.
  info.has_fp64 = info.has("cl_khr_fp64") || value_of<Bitfield>(api.get_device_info, device, k_device_double_fp_config).value_or(0) != 0;
  info.has_fp16 = info.has("cl_khr_fp16");
  info.has_fma_fp32 = (value_of<Bitfield>(api.get_device_info, device, k_device_single_fp_config).value_or(0) & k_fp_fma) != 0;
  info.pci = pci_address_of(api.get_device_info, device);
  return info;
}

}  // namespace

bool DeviceInfo::has(std::string_view extension) const {
  return extensions.find(fmt::format(" {} ", extension)) != std::string::npos;
}

Result<DeviceList> list_devices(const Api& api) {
  std::array<Platform, k_most> platforms{};
  Uint count = 0;
  const Int code = api.get_platform_ids(k_most, platforms.data(), &count);
  if (code == k_no_platform) return DeviceList{};
  if (code != k_success) return failure(code, "asking for OpenCL platforms");
  DeviceList list;
  for (Uint p = 0; p < std::min(count, k_most); ++p) {
    const std::string name = printable(text_of(api.get_platform_info, platforms[p], k_platform_name));
    std::array<Device, k_most> devices{};
    Uint found = 0;
    const Int refused = api.get_device_ids(platforms[p], k_type_all, k_most, devices.data(), &found);
    if (refused == k_device_not_found) continue;
    if (refused != k_success) {
      list.complaints.push_back(failure(refused, fmt::format("asking the OpenCL platform '{}' for its devices", name)).message);
      continue;
    }
    for (Uint d = 0; d < std::min(found, k_most) && list.devices.size() < k_most; ++d)
      list.devices.push_back(describe(api, devices[d], name));
  }
  return list;
}

}  // namespace hardscape::opencl
