#include "measure/opencl/opencl_devices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace hardscape::opencl {
namespace {

constexpr Uint k_most = 64;
constexpr std::size_t k_most_text = 65536;

template <class Function, class Handle>
std::string text_of(Function* function, Handle handle, Uint what) {
  std::size_t size = 0;
  if (function(handle, what, 0, nullptr, &size) != k_success || size == 0 || size > k_most_text) return {};
  std::string text(size, '\0');
  if (function(handle, what, size, text.data(), nullptr) != k_success) return {};
  text.resize(std::min(text.find('\0'), text.size()));
  return std::string(trim(text));
}

template <class T>
std::optional<T> value_of(const Api& api, Device device, Uint what) {
  T value{};
  std::size_t size = 0;
  if (api.get_device_info(device, what, sizeof value, &value, &size) != k_success || size != sizeof value) return std::nullopt;
  return value;
}

std::string address(Uint domain, Uint bus, Uint slot, Uint function) {
  return fmt::format("{:04x}:{:02x}:{:02x}.{:x}", domain, bus & 0xff, slot & 0x1f, function & 0x7);
}

std::optional<std::string> pci_of(const Api& api, Device device) {
  if (const auto info = value_of<PciBusInfo>(api, device, k_device_pci_bus_info))
    return address(info->domain, info->bus, info->device, info->function);
  const auto bus = value_of<Uint>(api, device, k_device_pci_bus_nv);
  const auto slot = value_of<Uint>(api, device, k_device_pci_slot_nv);
  // NVIDIA's slot number holds the function in its low three bits.
  if (bus && slot) return address(value_of<Uint>(api, device, k_device_pci_domain_nv).value_or(0), *bus, *slot >> 3, *slot);
  const auto topology = value_of<TopologyAmd>(api, device, k_device_topology_amd);
  if (topology && topology->type == 1) return address(0, topology->bus, topology->device, topology->function);
  return std::nullopt;
}

DeviceInfo describe(const Api& api, Device device, const std::string& platform) {
  DeviceInfo info;
  info.device = device;
  info.platform = platform;
  info.name = printable(text_of(api.get_device_info, device, k_device_board_name_amd));
  if (info.name.empty()) info.name = printable(text_of(api.get_device_info, device, k_device_name));
  info.vendor = printable(text_of(api.get_device_info, device, k_device_vendor));
  info.driver = printable(text_of(api.get_device_info, device, k_driver_version));
  info.extensions = " " + text_of(api.get_device_info, device, k_device_extensions) + " ";
  info.type = value_of<Bitfield>(api, device, k_device_type).value_or(0);
  info.compute_units = std::clamp(value_of<Uint>(api, device, k_device_max_compute_units).value_or(1), Uint{1}, Uint{65536});
  info.work_group_most = std::max<std::size_t>(1, value_of<std::size_t>(api, device, k_device_max_work_group_size).value_or(1));
  info.memory = value_of<Ulong>(api, device, k_device_global_mem_size).value_or(0);
  info.allocation_most = value_of<Ulong>(api, device, k_device_max_mem_alloc_size).value_or(info.memory / 4);
  info.cache = value_of<Ulong>(api, device, k_device_global_cache_size).value_or(0);
  info.available = value_of<Uint>(api, device, k_device_available).value_or(1) != 0;
  info.has_compiler = value_of<Uint>(api, device, k_device_compiler_available).value_or(1) != 0;
  // The flag alone is not enough: some drivers set it for what they emulate in software but do not offer.
  info.has_fp64 = info.has("cl_khr_fp64") || value_of<Bitfield>(api, device, k_device_double_fp_config).value_or(0) != 0;
  info.has_fp16 = info.has("cl_khr_fp16");
  info.has_fma_fp32 = (value_of<Bitfield>(api, device, k_device_single_fp_config).value_or(0) & k_fp_fma) != 0;
  info.pci = pci_of(api, device);
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
