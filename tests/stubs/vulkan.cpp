// A libvulkan.so.1 for tests: lists the devices of the variant in HARDSCAPE_STUB_VULKAN. "b580" is an Arc B580 beside a
// processor's graphics as Mesa's ANV names them, with Mesa's software device; "twice" one Radeon as two drivers show it
// (RADV and AMDVLK, llama.cpp issue 9516); "hang" and "crash" are what loaders do.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "detect/routes/accelerators/vulkan_abi.hpp"

using namespace hardscape::vulkan;

namespace {

constexpr std::uint64_t k_mib = 1024 * 1024;

struct Gpu {
  const char* name;
  std::uint32_t vendor, device;
  DeviceType type;
  std::uint32_t bus, slot;
  std::uint64_t local_mib, window_mib, host_mib;
  bool tells_address;
};

Gpu g_b580{"Intel(R) Arc(tm) B580 Graphics (BMG G21)", 0x8086, 0xe20b, k_discrete_gpu, 3, 0, 12216, 256, 32000, true};
Gpu g_b580_silent{"Intel(R) Arc(tm) B580 Graphics (BMG G21)", 0x8086, 0xe20b, k_discrete_gpu, 0, 0, 12216, 256, 32000, false};
Gpu g_uhd{"Intel(R) UHD Graphics 770 (ADL-S GT1)", 0x8086, 0x4680, k_integrated_gpu, 0, 2, 47865, 0, 0, true};
Gpu g_radv{"AMD Radeon RX 7900 XTX (RADV NAVI31)", 0x1002, 0x744c, k_discrete_gpu, 3, 0, 24560, 0, 32000, true};
Gpu g_amdvlk{"AMD Radeon RX 7900 XTX", 0x1002, 0x744c, k_discrete_gpu, 3, 0, 24560, 256, 32000, true};
Gpu g_dozen{"Microsoft Direct3D12 (AMD Radeon RX 7900 XTX)", 0x1002, 0x744c, k_discrete_gpu, 0, 0, 24426, 0, 16000, false};
Gpu g_software{"llvmpipe (LLVM 15.0.6, 256 bits)", 0x10005, 0, k_cpu, 0, 0, 31000, 0, 0, false};

std::string_view variant() {
  const char* value = std::getenv("HARDSCAPE_STUB_VULKAN");
  return value != nullptr ? value : "";
}

std::vector<Gpu*> gpus() {
  if (variant() == "b580") return {&g_uhd, &g_b580, &g_software};
  if (variant() == "b580-silent") return {&g_uhd, &g_b580_silent, &g_software};
  if (variant() == "twice") return {&g_radv, &g_amdvlk, &g_software};
  if (variant() == "wsl") return {&g_dozen, &g_software};
  return {&g_software};
}

Gpu& gpu(PhysicalDevice device) { return *static_cast<Gpu*>(device); }

}  // namespace

extern "C" {

Result vkCreateInstance(const InstanceCreateInfo* info, const void*, Instance* instance) {
  while (variant() == "hang") ::pause();
  if (variant() == "crash") ::raise(SIGKILL);
  if (variant() == "refuse" || info->application->api_version != k_version_1_1) return -9;
  static int one;
  *instance = &one;
  return k_success;
}
void vkDestroyInstance(Instance, const void*) {}
Result vkEnumeratePhysicalDevices(Instance, std::uint32_t* count, PhysicalDevice* devices) {
  const auto all = gpus();
  if (devices == nullptr) {
    *count = static_cast<std::uint32_t>(all.size());
    return k_success;
  }
  for (std::size_t i = 0; i < *count; ++i) devices[i] = all[i];
  return k_success;
}
Result vkEnumerateDeviceExtensionProperties(PhysicalDevice device, const char*, std::uint32_t* count, ExtensionProperties* extensions) {
  if (extensions == nullptr) {
    *count = gpu(device).tells_address ? 2 : 1;
    return k_success;
  }
  std::strcpy(extensions[0].name, "VK_KHR_swapchain");
  if (*count > 1) std::strcpy(extensions[1].name, "VK_EXT_pci_bus_info");
  return k_success;
}
void vkGetPhysicalDeviceProperties2(PhysicalDevice device, Properties2* answer) {
  const Gpu& of = gpu(device);
  answer->properties.vendor_id = of.vendor;
  answer->properties.device_id = of.device;
  answer->properties.device_type = of.type;
  std::strcpy(answer->properties.device_name, of.name);
  for (auto* next = static_cast<Properties2*>(answer->next); next != nullptr; next = static_cast<Properties2*>(next->next)) {
    if (next->type == k_id_properties) {
      // RADV and AMDVLK make different UUIDs of one device.
      reinterpret_cast<IdProperties*>(next)->device_uuid[0] = static_cast<std::uint8_t>(of.window_mib != 0 ? 1 : 2);
    } else if (next->type == k_pci_bus_info_properties) {
      auto* const pci = reinterpret_cast<PciBusInfo*>(next);
      pci->bus = of.bus;
      pci->device = of.slot;
    }
  }
}
void vkGetPhysicalDeviceMemoryProperties(PhysicalDevice device, MemoryProperties* memory) {
  const Gpu& of = gpu(device);
  memory->heap_count = 3;
  memory->heaps[0] = {of.local_mib * k_mib, k_device_local};
  memory->heaps[1] = {of.host_mib * k_mib, 0};
  memory->heaps[2] = {of.window_mib * k_mib, k_device_local};
}

}  // extern "C"
