#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/text.hpp"
#include "detect/routes/accelerators/interface_devices.hpp"
#include "detect/routes/accelerators/vulkan_abi.hpp"

namespace hardscape {
namespace {

using namespace vulkan;

constexpr std::uint32_t k_most_devices = 64;
constexpr std::uint32_t k_most_extensions = 4096;

bool tells_address(PhysicalDevice device, EnumerateDeviceExtensions* enumerate) {
  std::uint32_t count = 0;
  if (enumerate == nullptr || enumerate(device, nullptr, &count, nullptr) != k_success) return false;
  count = std::min(count, k_most_extensions);
  std::vector<ExtensionProperties> extensions(count);
  const vulkan::Result result = enumerate(device, nullptr, &count, extensions.data());
  if (result != k_success && result != k_incomplete) return false;
  extensions.resize(std::min<std::size_t>(count, extensions.size()));
  return std::any_of(extensions.begin(), extensions.end(), [](const ExtensionProperties& extension) {
    return std::strncmp(extension.name, "VK_EXT_pci_bus_info", sizeof extension.name) == 0;
  });
}

// The heaps of the host do not count, and a window into the device's memory is a part of it, not more.
std::uint64_t largest_device_heap(const MemoryProperties& memory) {
  std::uint64_t largest = 0;
  for (std::uint32_t i = 0; i < std::min<std::uint32_t>(memory.heap_count, 16); ++i)
    if ((memory.heaps[i].flags & k_device_local) != 0) largest = std::max(largest, memory.heaps[i].size);
  return largest;
}

std::string describe(PhysicalDevice device, GetProperties2* get_properties, GetMemoryProperties* get_memory, bool has_address) {
  IdProperties id;
  PciBusInfo pci;
  if (has_address) id.next = &pci;
  Properties2 answer;
  answer.next = &id;
  get_properties(device, &answer);
  const Properties& properties = answer.properties;
  const std::string_view name(properties.device_name, ::strnlen(properties.device_name, sizeof properties.device_name));
  std::string out = fmt::format("device\tVulkan\nname\t{}\nvendor_id\t{}\ndevice_id\t{}\n", printable(name), properties.vendor_id,
                                properties.device_id);
  if (properties.device_type == k_cpu) out += "software\t1\n";
  if (properties.device_type == k_integrated_gpu) out += "integrated\t1\n";
  if (has_address) out += fmt::format("address\t{:04x}:{:02x}:{:02x}.{:x}\n", pci.domain, pci.bus, pci.device, pci.function);
  std::string uuid;
  for (const std::uint8_t byte : id.device_uuid) uuid += fmt::format("{:02x}", byte);
  if (uuid.find_first_not_of('0') != std::string::npos) out += "uuid\t" + uuid + '\n';
  MemoryProperties memory{};
  get_memory(device, &memory);
  return out + fmt::format("memory\t{}\n", largest_device_heap(memory));
}

}  // namespace

std::vector<std::string> vulkan_library_names() { return {"libvulkan.so.1", "/run/opengl-driver/lib/libvulkan.so.1"}; }

std::string query_vulkan(const LibraryLoader& libraries, const std::vector<std::string>& names) {
  std::string out;
  // Layers that overlays and recorders hang into every program are not what is asked for.
  ::setenv("VK_LOADER_LAYERS_DISABLE", "~implicit~", 1);
  const auto library = libraries(names);
  if (!library) return out;
  auto* const create = library->function<CreateInstance>("vkCreateInstance");
  auto* const enumerate = library->function<EnumeratePhysicalDevices>("vkEnumeratePhysicalDevices");
  auto* const get_properties = library->function<GetProperties2>("vkGetPhysicalDeviceProperties2");
  auto* const get_memory = library->function<GetMemoryProperties>("vkGetPhysicalDeviceMemoryProperties");
  auto* const enumerate_extensions = library->function<EnumerateDeviceExtensions>("vkEnumerateDeviceExtensionProperties");
  auto* const destroy = library->function<DestroyInstance>("vkDestroyInstance");
  if (create == nullptr || enumerate == nullptr || get_properties == nullptr || get_memory == nullptr) return out;
  const ApplicationInfo application;
  InstanceCreateInfo info;
  info.application = &application;
  Instance instance = nullptr;
  if (create(&info, nullptr, &instance) != k_success) return out;
  std::uint32_t count = 0;
  if (enumerate(instance, &count, nullptr) == k_success) {
    std::vector<PhysicalDevice> devices(std::min(count, k_most_devices));
    count = static_cast<std::uint32_t>(devices.size());
    const vulkan::Result result = enumerate(instance, &count, devices.data());
    if (result == k_success || result == k_incomplete) {
      devices.resize(std::min<std::size_t>(count, devices.size()));
      for (PhysicalDevice device : devices)
        out += describe(device, get_properties, get_memory, tells_address(device, enumerate_extensions));
    }
  }
  if (destroy != nullptr) destroy(instance, nullptr);
  return out;
}

}  // namespace hardscape
