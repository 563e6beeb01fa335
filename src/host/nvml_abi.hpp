// The part of NVML's binary interface that is used here, declared by ourselves: the library is opened at run time and
// nothing of NVIDIA's is needed to build. Names follow nvml.h; sizes are checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hardscape::nvml {

using Return = int;
using Device = void*;  // opaque handle

enum : Return {
  k_success = 0,
  k_not_supported = 3,
  k_no_permission = 4,
  k_driver_not_loaded = 9,
  k_library_not_found = 12,
  k_function_not_found = 13,
  k_gpu_is_lost = 15,
  k_operating_system = 17,
  k_version_mismatch = 18,
  k_unknown = 999,
};

struct PciInfo {
  char bus_id_legacy[16];
  unsigned domain;
  unsigned bus;
  unsigned device;
  unsigned pci_device_id;     // device << 16 | vendor
  unsigned pci_subsystem_id;
  char bus_id[32];
};
static_assert(sizeof(PciInfo) == 68);

struct MemoryV1 {
  std::uint64_t total, free, used;  // used includes what is reserved
};
static_assert(sizeof(MemoryV1) == 24);

struct MemoryV2 {
  unsigned version;  // k_memory_v2
  std::uint64_t total, reserved, free, used;
};
static_assert(sizeof(MemoryV2) == 40 && offsetof(MemoryV2, total) == 8);
inline constexpr unsigned k_memory_v2 = sizeof(MemoryV2) | 2u << 24;
static_assert(k_memory_v2 == 0x02000028);

struct AddressingMode {
  unsigned version;  // k_addressing_mode_v1
  unsigned value;    // 0 none, 1 HMM, 2 ATS
};
inline constexpr unsigned k_addressing_mode_v1 = sizeof(AddressingMode) | 1u << 24;
static_assert(k_addressing_mode_v1 == 0x01000008);

using Init = Return();
using InitWithFlags = Return(unsigned flags);
using Shutdown = Return();
using GetText = Return(char* text, unsigned length);
using GetCudaVersion = Return(int* version);
using GetCount = Return(unsigned* count);
using GetByIndex = Return(unsigned index, Device* device);
using GetByBusId = Return(const char* bus_id, Device* device);
using GetPciInfo = Return(Device, PciInfo*);
using GetMemoryV1 = Return(Device, MemoryV1*);
using GetMemoryV2 = Return(Device, MemoryV2*);
using GetDeviceText = Return(Device, char* text, unsigned length);
using GetTwoNumbers = Return(Device, int* first, int* second);
using GetNumber = Return(Device, unsigned* number);
using GetModes = Return(Device, unsigned* current, unsigned* pending);
using GetClock = Return(Device, unsigned type, unsigned* megahertz);
using GetSensor = Return(Device, unsigned sensor, unsigned* degrees);
using GetLargeNumber = Return(Device, unsigned long long* number);
using GetMigDevice = Return(Device, unsigned index, Device* device);
using GetAddressingMode = Return(Device, AddressingMode*);

inline constexpr unsigned k_memory_clock = 2;
inline constexpr unsigned k_die_sensor = 0;
// nvmlClocksEventReasons: what holds the clocks down.
inline constexpr std::uint64_t k_idle = 0x1;
inline constexpr std::uint64_t k_application_clocks = 0x2;
inline constexpr std::uint64_t k_power_cap = 0x4;
inline constexpr std::uint64_t k_hardware_slowdown = 0x8;
inline constexpr std::uint64_t k_software_thermal = 0x20;
inline constexpr std::uint64_t k_hardware_thermal = 0x40;
inline constexpr std::uint64_t k_power_brake = 0x80;
// nvmlInitWithFlags: succeed without GPUs; attach to none until its handle is asked for.
inline constexpr unsigned k_init_no_gpus = 1;
inline constexpr unsigned k_init_no_attach = 2;

// Where NVIDIA's driver puts the library: WSL2, the loader's path, NixOS, Kubernetes.
std::vector<std::string> library_names();

}  // namespace hardscape::nvml
