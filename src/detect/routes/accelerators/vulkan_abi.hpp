// The part of Vulkan's binary interface that is used here, declared by ourselves: the library is opened at run time and
// nothing of it is needed to build. Names follow vulkan_core.h; sizes are checked against it (64-bit).
#pragma once

#include <cstddef>
#include <cstdint>

namespace hardscape::vulkan {

using Result = int;
using Instance = void*;        // opaque handles
using PhysicalDevice = void*;

inline constexpr Result k_success = 0;
inline constexpr Result k_incomplete = 5;
inline constexpr std::uint32_t k_version_1_1 = 1u << 22 | 1u << 12;

enum StructureType : int {
  k_application_info = 0,
  k_instance_create_info = 1,
  k_properties_2 = 1000059001,
  k_id_properties = 1000071004,
  k_pci_bus_info_properties = 1000212000,
};

enum DeviceType : int { k_other = 0, k_integrated_gpu = 1, k_discrete_gpu = 2, k_virtual_gpu = 3, k_cpu = 4 };

struct ApplicationInfo {
  StructureType type = k_application_info;
  const void* next = nullptr;
  const char* application_name = nullptr;
  std::uint32_t application_version = 0;
  const char* engine_name = nullptr;
  std::uint32_t engine_version = 0;
  std::uint32_t api_version = k_version_1_1;
};

struct InstanceCreateInfo {
  StructureType type = k_instance_create_info;
  const void* next = nullptr;
  std::uint32_t flags = 0;
  const ApplicationInfo* application = nullptr;
  std::uint32_t layer_count = 0;
  const char* const* layers = nullptr;
  std::uint32_t extension_count = 0;
  const char* const* extensions = nullptr;
};

struct ExtensionProperties {
  char name[256];
  std::uint32_t version;
};

struct Properties {
  std::uint32_t api_version;
  std::uint32_t driver_version;
  std::uint32_t vendor_id;
  std::uint32_t device_id;
  DeviceType device_type;
  char device_name[256];
  std::uint8_t pipeline_cache_uuid[16];
  alignas(8) std::uint8_t limits[504];
  std::uint32_t sparse_properties[5];
};
static_assert(sizeof(Properties) == 824 && offsetof(Properties, limits) == 296);

struct Properties2 {
  StructureType type = k_properties_2;
  void* next = nullptr;
  Properties properties{};
};

struct IdProperties {
  StructureType type = k_id_properties;
  void* next = nullptr;
  std::uint8_t device_uuid[16]{};
  std::uint8_t driver_uuid[16]{};
  std::uint8_t device_luid[8]{};
  std::uint32_t node_mask = 0;
  std::uint32_t luid_valid = 0;
};

struct PciBusInfo {
  StructureType type = k_pci_bus_info_properties;
  void* next = nullptr;
  std::uint32_t domain = 0;
  std::uint32_t bus = 0;
  std::uint32_t device = 0;
  std::uint32_t function = 0;
};

inline constexpr std::uint32_t k_device_local = 1;  // VkMemoryHeapFlagBits

struct MemoryHeap {
  std::uint64_t size;
  std::uint32_t flags;
};

struct MemoryProperties {
  std::uint32_t type_count;
  std::uint32_t types[32][2];
  std::uint32_t heap_count;
  MemoryHeap heaps[16];
};
static_assert(sizeof(MemoryProperties) == 520 && offsetof(MemoryProperties, heaps) == 264);

using CreateInstance = Result(const InstanceCreateInfo*, const void* allocator, Instance*);
using DestroyInstance = void(Instance, const void* allocator);
using EnumeratePhysicalDevices = Result(Instance, std::uint32_t* count, PhysicalDevice*);
using EnumerateDeviceExtensions = Result(PhysicalDevice, const char* layer, std::uint32_t* count, ExtensionProperties*);
using GetProperties2 = void(PhysicalDevice, Properties2*);
using GetMemoryProperties = void(PhysicalDevice, MemoryProperties*);

}  // namespace hardscape::vulkan
