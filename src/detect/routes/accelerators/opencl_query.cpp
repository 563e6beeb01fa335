#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "detect/routes/accelerators/interface_devices.hpp"

namespace hardscape {
namespace {

// cl.h and cl_ext.h: handles are pointers, 0 is success.
using GetPlatforms = int(std::uint32_t, void**, std::uint32_t*);
using GetDevices = int(void* platform, std::uint64_t type, std::uint32_t, void**, std::uint32_t*);
using GetInfo = int(void* device, std::uint32_t parameter, std::size_t, void*, std::size_t*);

constexpr std::uint64_t k_all_types = 0xffffffff;
constexpr std::uint64_t k_gpu = 1 << 2;
constexpr std::uint32_t k_type = 0x1000;
constexpr std::uint32_t k_vendor_id = 0x1001;
constexpr std::uint32_t k_global_memory = 0x101f;
constexpr std::uint32_t k_name = 0x102b;
constexpr std::uint32_t k_host_unified_memory = 0x1035;
constexpr std::uint32_t k_topology_amd = 0x4037;
constexpr std::uint32_t k_board_name_amd = 0x4038;
constexpr std::uint32_t k_uuid_khr = 0x106a;
constexpr std::uint32_t k_pci_bus_info_khr = 0x410f;
constexpr std::uint32_t k_pci_bus_id_nv = 0x4008;
constexpr std::uint32_t k_pci_slot_id_nv = 0x4009;
constexpr std::uint32_t k_pci_domain_id_nv = 0x400a;
constexpr std::uint32_t k_most = 64;

class Device {
 public:
  Device(void* handle, GetInfo* get_info) : handle_(handle), get_info_(get_info) {}

  template <class T>
  std::optional<T> value(std::uint32_t parameter) const {
    T out{};
    std::size_t size = 0;
    if (get_info_(handle_, parameter, sizeof out, &out, &size) != 0 || size != sizeof out) return std::nullopt;
    return out;
  }
  std::string text(std::uint32_t parameter) const {
    std::array<char, 512> out{};
    std::size_t size = 0;
    if (get_info_(handle_, parameter, out.size() - 1, out.data(), &size) != 0) return {};
    return printable(std::string_view(out.data()));
  }
  // By Khronos' extension, NVIDIA's, or AMD's.
  std::string address() const {
    struct Four { std::uint32_t domain, bus, device, function; };
    if (const auto at = value<Four>(k_pci_bus_info_khr)) return format(at->domain, at->bus, at->device, at->function);
    if (const auto bus = value<std::uint32_t>(k_pci_bus_id_nv)) {
      const std::uint32_t slot = value<std::uint32_t>(k_pci_slot_id_nv).value_or(0);
      return format(value<std::uint32_t>(k_pci_domain_id_nv).value_or(0), *bus, slot >> 3, slot & 7);
    }
    // cl_device_topology_amd: a type (1: PCIe), 17 bytes unused, then bus, device, function.
    if (const auto at = value<std::array<std::uint8_t, 24>>(k_topology_amd); at && (*at)[0] == 1)
      return format(0, (*at)[21], (*at)[22], (*at)[23]);
    return {};
  }

 private:
  static std::string format(std::uint32_t domain, std::uint32_t bus, std::uint32_t device, std::uint32_t function) {
    return fmt::format("{:04x}:{:02x}:{:02x}.{:x}", domain, bus & 0xff, device & 0x1f, function & 7);
  }
  void* handle_;
  GetInfo* get_info_;
};

std::string describe(const Device& device) {
  const std::string board = device.text(k_board_name_amd);  // AMD's name is the target's, "gfx1151"
  std::string out = fmt::format("device\tOpenCL\nname\t{}\nvendor_id\t{}\n", board.empty() ? device.text(k_name) : board,
                                device.value<std::uint32_t>(k_vendor_id).value_or(0));
  if (device.value<std::uint32_t>(k_host_unified_memory).value_or(0) == 1) out += "integrated\t1\n";
  if (const std::string address = device.address(); !address.empty()) out += "address\t" + address + '\n';
  if (const auto uuid = device.value<std::array<std::uint8_t, 16>>(k_uuid_khr)) {
    out += "uuid\t";
    for (const std::uint8_t byte : *uuid) out += fmt::format("{:02x}", byte);
    out += '\n';
  }
  return out + fmt::format("memory\t{}\n", device.value<std::uint64_t>(k_global_memory).value_or(0));
}

}  // namespace

std::vector<std::string> opencl_library_names() {
  return {"libOpenCL.so.1", "/run/opengl-driver/lib/libOpenCL.so.1", "libOpenCL.so"};
}

std::string query_opencl(const LibraryLoader& libraries, const std::vector<std::string>& names) {
  std::string out;
  const auto library = libraries(names);
  if (!library) return out;
  auto* const get_platforms = library->function<GetPlatforms>("clGetPlatformIDs");
  auto* const get_devices = library->function<GetDevices>("clGetDeviceIDs");
  auto* const get_info = library->function<GetInfo>("clGetDeviceInfo");
  if (get_platforms == nullptr || get_devices == nullptr || get_info == nullptr) return out;
  std::array<void*, k_most> platforms{};
  std::uint32_t platform_count = 0;
  if (get_platforms(k_most, platforms.data(), &platform_count) != 0) return out;
  for (std::uint32_t p = 0; p < std::min(platform_count, k_most); ++p) {
    std::array<void*, k_most> devices{};
    std::uint32_t count = 0;
    if (get_devices(platforms[p], k_all_types, k_most, devices.data(), &count) != 0) continue;
    for (std::uint32_t i = 0; i < std::min(count, k_most); ++i) {
      const Device device(devices[i], get_info);
      // Processors are no accelerators, and what else there is OpenCL does not describe well enough.
      if ((device.value<std::uint64_t>(k_type).value_or(0) & k_gpu) != 0) out += describe(device);
    }
  }
  return out;
}

}  // namespace hardscape
