#include "detect/routes/accelerators/cuda_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "detect/routes/accelerators/pci_function.hpp"

namespace hardscape {
namespace {

// cuda.h: CUresult and CUdevice are int; attribute numbers of CUdevice_attribute.
using Init = int(unsigned);
using GetCount = int(int*);
using Get = int(int*, int);
using GetText = int(char*, int, int);
using GetTotal = int(std::size_t*, int);
using GetAttribute = int(int*, int, int);
constexpr int k_multiprocessors = 16;
constexpr int k_integrated = 18;
constexpr int k_major = 75;
constexpr int k_minor = 76;

constexpr int k_most_devices = 1024;

}  // namespace

std::vector<std::string> cuda_library_names() {
  return {"/usr/lib/wsl/lib/libcuda.so.1", "libcuda.so.1", "/run/opengl-driver/lib/libcuda.so.1",
          "/usr/local/nvidia/lib64/libcuda.so.1"};
}

std::string query_cuda(const LibraryLoader& libraries, const std::vector<std::string>& names) {
  std::string out;
  const auto library = libraries(names);
  if (!library) return out;
  auto* const init = library->function<Init>("cuInit");
  auto* const get_count = library->function<GetCount>("cuDeviceGetCount");
  auto* const get = library->function<Get>("cuDeviceGet");
  auto* const get_name = library->function<GetText>("cuDeviceGetName");
  auto* const get_address = library->function<GetText>("cuDeviceGetPCIBusId");
  auto* const get_total = library->function<GetTotal>("cuDeviceTotalMem_v2");
  auto* const get_attribute = library->function<GetAttribute>("cuDeviceGetAttribute");
  if (init == nullptr || get_count == nullptr || get == nullptr || get_attribute == nullptr) return out;
  int count = 0;
  if (init(0) != 0 || get_count(&count) != 0) return out;
  for (int i = 0; i < std::min(count, k_most_devices); ++i) {
    int device = 0;
    if (get(&device, i) != 0) continue;
    out += fmt::format("device\t{}\n", i);
    std::array<char, 256> text{};
    const auto add_text = [&](const char* name, GetText* function) {
      if (function == nullptr || function(text.data(), static_cast<int>(text.size()) - 1, device) != 0) return;
      out += fmt::format("{}\t{}\n", name, printable(std::string_view(text.data())));
    };
    add_text("name", get_name);
    add_text("address", get_address);
    std::size_t total = 0;
    if (get_total != nullptr && get_total(&total, device) == 0) out += fmt::format("total\t{}\n", total);
    const auto attribute = [&](int which) {
      int value = -1;
      return get_attribute(&value, which, device) == 0 ? value : -1;
    };
    out += fmt::format("compute_capability\t{}.{}\n", attribute(k_major), attribute(k_minor));
    out += fmt::format("multiprocessors\t{}\nintegrated\t{}\n", attribute(k_multiprocessors), attribute(k_integrated));
  }
  return out;
}

std::vector<CudaDevice> parse_cuda_report(std::string_view text) {
  std::vector<CudaDevice> devices;
  for (const std::string_view line : split_lines(text)) {
    const auto tab = line.find('\t');
    if (tab == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, tab);
    const std::string_view value = line.substr(tab + 1);
    if (name == "device") {
      if (devices.size() >= static_cast<std::size_t>(k_most_devices)) break;
      devices.emplace_back();
      continue;
    }
    if (devices.empty()) continue;
    CudaDevice& device = devices.back();
    if (name == "name") device.name = printable(value.substr(0, 128));
    if (name == "address" && is_pci_address(value)) device.address = to_lower(value);
    if (name == "compute_capability" && value.find('-') == std::string_view::npos) device.compute_capability = printable(value.substr(0, 16));
    if (name == "integrated") device.integrated = value == "1";
    const auto number = parse_integer(value);
    if (!number || *number <= 0) continue;
    if (name == "total" && *number < (std::int64_t{1} << 50)) device.total = Bytes{*number};
    if (name == "multiprocessors" && *number < 65536) device.multiprocessors = static_cast<int>(*number);
  }
  return devices;
}

}  // namespace hardscape
