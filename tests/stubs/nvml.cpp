// A libnvidia-ml.so.1 for tests: answers as the variant in HARDSCAPE_STUB_NVML says. The figures of the H200 and of the
// MIG instances are those of nvidia-smi captures of such machines (nvidia_gpu_exporter, internal/captures, driver
// 590.48.01); GB10's refusal to tell its memory is that of nvitop's pull request 208.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string_view>

#include "host/nvml_abi.hpp"

using namespace hardscape::nvml;

namespace {

constexpr std::uint64_t k_mib = 1024 * 1024;

struct Gpu {
  const char* name;
  unsigned bus;
  unsigned device_id;
  std::uint64_t total_mib, reserved_mib, free_mib;
  int major, minor;
  unsigned power_mw, bus_bits, memory_mhz;
  bool mig;
};

struct Instance {
  const char* name;
  unsigned gpu_instance, compute_instance;
  std::uint64_t total_mib, free_mib;
};

Gpu g_h200{"NVIDIA H200", 0x09, 0x2335, 143771, 614, 143158, 9, 0, 700000, 6144, 3201, false};
Gpu g_h100{"NVIDIA H100 80GB HBM3", 0x09, 0x2330, 81559, 551, 80900, 9, 0, 700000, 5120, 2619, true};
Gpu g_gb10{"NVIDIA GB10", 0x01, 0x2e12, 0, 0, 0, 12, 1, 0, 0, 0, false};
Instance g_instances[] = {
    {"NVIDIA H100 80GB HBM3 MIG 3g.40gb", 2, 0, 40448, 40423},
    {"NVIDIA H100 80GB HBM3 MIG 2g.20gb", 3, 0, 20096, 20080},
    {"NVIDIA H100 80GB HBM3 MIG 1c.1g.10gb", 9, 0, 9984, 9975},
    {"NVIDIA H100 80GB HBM3 MIG 1c.1g.10gb", 9, 1, 9984, 9975},  // a second compute instance of the same memory
};

std::string_view variant() {
  const char* value = std::getenv("HARDSCAPE_STUB_NVML");
  return value != nullptr ? value : "";
}

Gpu& gpu() {
  if (variant() == "mig") return g_h100;
  if (variant() == "gb10") return g_gb10;
  return g_h200;
}

Instance* instance_of(Device device) {
  for (Instance& instance : g_instances) {
    if (device == &instance) return &instance;
  }
  return nullptr;
}

Return put(char* text, unsigned length, const char* value) {
  std::snprintf(text, length, "%s", value);
  return k_success;
}

Return start() {
  while (variant() == "hang") ::pause();
  if (variant() == "crash") ::raise(SIGKILL);
  if (variant() == "mismatch") return k_version_mismatch;
  if (variant() == "not-loaded") return k_driver_not_loaded;
  if (variant() == "unknown") return k_unknown;
  return k_success;
}

}  // namespace

extern "C" {

Return nvmlInit_v2() { return start(); }
Return nvmlShutdown() { return k_success; }
Return nvmlSystemGetDriverVersion(char* text, unsigned length) { return put(text, length, "590.48.01"); }
Return nvmlSystemGetCudaDriverVersion_v2(int* version) {
  *version = 13010;
  return k_success;
}
Return nvmlDeviceGetCount_v2(unsigned* count) {
  *count = variant() == "lost" ? 2 : 1;
  return k_success;
}
Return nvmlDeviceGetHandleByIndex_v2(unsigned index, Device* device) {
  if (variant() == "lost" && index == 0) return k_gpu_is_lost;
  *device = &gpu();
  return k_success;
}
Return nvmlDeviceGetHandleByPciBusId_v2(const char* address, Device* device) {
  if (std::string_view(address) == "0000:77:00.0") return 6;  // NVML_ERROR_NOT_FOUND
  *device = &gpu();
  return k_success;
}
// Each question finds 50 J more; a card before Volta has no counter.
Return nvmlDeviceGetTotalEnergyConsumption(Device, unsigned long long* millijoules) {
  static unsigned long long drawn = 1'000'000'000;
  *millijoules = drawn += 50'000;
  return variant() == "pascal" ? k_not_supported : k_success;
}
Return nvmlDeviceGetPowerUsage(Device, unsigned* milliwatts) {
  *milliwatts = 600'000;
  return k_success;
}
Return nvmlDeviceGetTemperature(Device, unsigned sensor, unsigned* degrees) {
  *degrees = 87;
  return sensor == 0 ? k_success : 2;
}
Return nvmlDeviceGetCurrentClocksThrottleReasons(Device, unsigned long long* bits) {
  *bits = variant() == "hot" ? 0x48 : variant() == "capped" ? 0x4 : variant() == "idle" ? 0x1 : 0;
  return k_success;
}
Return nvmlDeviceGetPciInfo_v3(Device device, PciInfo* pci) {
  const Gpu& of = *static_cast<Gpu*>(device);
  *pci = {};
  pci->bus = of.bus;
  pci->domain = variant() == "gb10" ? 0xf : 0;
  pci->pci_device_id = of.device_id << 16 | 0x10de;
  return k_success;
}
Return nvmlDeviceGetName(Device device, char* text, unsigned length) {
  if (const Instance* instance = instance_of(device)) return put(text, length, instance->name);
  return put(text, length, static_cast<Gpu*>(device)->name);
}
Return nvmlDeviceGetUUID(Device device, char* text, unsigned length) {
  return put(text, length, instance_of(device) != nullptr ? "MIG-00000000-0000-0000-0000-000000000000" : "GPU-00000000-0000-0000-0000-000000000000");
}
Return nvmlDeviceGetMemoryInfo_v2(Device device, MemoryV2* memory) {
  if (memory->version != k_memory_v2) return 25;
  if (const Instance* instance = instance_of(device)) {
    memory->total = instance->total_mib * k_mib;
    memory->reserved = 0;
    memory->free = instance->free_mib * k_mib;
    return k_success;
  }
  const Gpu& of = *static_cast<Gpu*>(device);
  if (of.total_mib == 0) return k_not_supported;
  memory->total = of.total_mib * k_mib;
  memory->reserved = of.reserved_mib * k_mib;
  memory->free = of.free_mib * k_mib;
  return k_success;
}
Return nvmlDeviceGetCudaComputeCapability(Device device, int* major, int* minor) {
  *major = static_cast<Gpu*>(device)->major;
  *minor = static_cast<Gpu*>(device)->minor;
  return k_success;
}
Return nvmlDeviceGetEnforcedPowerLimit(Device device, unsigned* milliwatts) {
  *milliwatts = static_cast<Gpu*>(device)->power_mw;
  return *milliwatts != 0 ? k_success : k_not_supported;
}
Return nvmlDeviceGetMemoryBusWidth(Device device, unsigned* bits) {
  *bits = static_cast<Gpu*>(device)->bus_bits;
  return *bits != 0 ? k_success : k_not_supported;
}
Return nvmlDeviceGetMaxClockInfo(Device device, unsigned, unsigned* megahertz) {
  *megahertz = static_cast<Gpu*>(device)->memory_mhz;
  return *megahertz != 0 ? k_success : k_not_supported;
}
Return nvmlDeviceGetVirtualizationMode(Device, unsigned* mode) {
  *mode = variant() == "vgpu" ? 2 : 1;
  return k_success;
}
Return nvmlDeviceGetMigMode(Device device, unsigned* current, unsigned* pending) {
  *current = *pending = static_cast<Gpu*>(device)->mig ? 1 : 0;
  return k_success;
}
Return nvmlDeviceGetMaxMigDeviceCount(Device, unsigned* count) {
  *count = 7;
  return k_success;
}
Return nvmlDeviceGetMigDeviceHandleByIndex(Device, unsigned index, Device* device) {
  if (index >= std::size(g_instances)) return 6;
  *device = &g_instances[index];
  return k_success;
}
Return nvmlDeviceGetGpuInstanceId(Device device, unsigned* id) {
  *id = instance_of(device)->gpu_instance;
  return k_success;
}
Return nvmlDeviceGetComputeInstanceId(Device device, unsigned* id) {
  *id = instance_of(device)->compute_instance;
  return k_success;
}

}  // extern "C"
