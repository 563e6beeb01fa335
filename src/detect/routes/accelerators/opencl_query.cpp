#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "detect/routes/accelerators/interface_devices.hpp"
#include "host/opencl_info.hpp"

namespace hardscape {
namespace {

using namespace opencl;

constexpr Uint k_most = 64;

std::string describe(GetDeviceInfo* get, Device device) {
  const std::string board = printable(text_of(get, device, k_device_board_name_amd));  // AMD's name is the target's, "gfx1151"
  std::string out = fmt::format("device\tOpenCL\nname\t{}\nvendor_id\t{}\n", board.empty() ? printable(text_of(get, device, k_device_name)) : board,
                                value_of<Uint>(get, device, k_device_vendor_id).value_or(0));
  if (value_of<Uint>(get, device, k_device_host_unified_memory).value_or(0) == 1) out += "integrated\t1\n";
  if (const auto address = pci_address_of(get, device)) out += "address\t" + *address + '\n';
  if (const auto uuid = value_of<std::array<std::uint8_t, 16>>(get, device, k_device_uuid)) {
    out += "uuid\t";
    for (const std::uint8_t byte : *uuid) out += fmt::format("{:02x}", byte);
    out += '\n';
  }
  return out + fmt::format("memory\t{}\n", value_of<Ulong>(get, device, k_device_global_mem_size).value_or(0));
}

}  // namespace

std::vector<std::string> opencl_library_names() {
  return {"libOpenCL.so.1", "/run/opengl-driver/lib/libOpenCL.so.1", "libOpenCL.so"};
}

std::string query_opencl(const LibraryLoader& libraries, const std::vector<std::string>& names) {
  std::string out;
  const auto library = libraries(names);
  if (!library) return out;
  auto* const get_platforms = library->function<GetPlatformIds>("clGetPlatformIDs");
  auto* const get_devices = library->function<GetDeviceIds>("clGetDeviceIDs");
  auto* const get_info = library->function<GetDeviceInfo>("clGetDeviceInfo");
  if (get_platforms == nullptr || get_devices == nullptr || get_info == nullptr) return out;
  std::array<Platform, k_most> platforms{};
  Uint platform_count = 0;
  if (get_platforms(k_most, platforms.data(), &platform_count) != k_success) return out;
  for (Uint p = 0; p < std::min(platform_count, k_most); ++p) {
    std::array<Device, k_most> devices{};
    Uint count = 0;
    if (get_devices(platforms[p], k_type_all, k_most, devices.data(), &count) != k_success) continue;
    for (Uint i = 0; i < std::min(count, k_most); ++i) {
      // Processors are no accelerators, and what else there is OpenCL does not describe well enough.
      if ((value_of<Bitfield>(get_info, devices[i], k_device_type).value_or(0) & k_type_gpu) != 0) out += describe(get_info, devices[i]);
    }
  }
  return out;
}

}  // namespace hardscape
