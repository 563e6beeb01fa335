#include "detect/routes/accelerators/nvidia_apply.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/pci_vendors.hpp"
#include "detect/routes/accelerators/nvidia_driver.hpp"

namespace hardscape {
namespace {

constexpr int k_vgpu_guest = 2;

Source reported() { return {Origin::reported, "nvml", "", Confidence::unstated}; }

std::string driver_text(const NvmlReport& report, const std::string& kernel_version) {
  std::string text = "nvidia";
  const std::string& version = report.driver_version.empty() ? kernel_version : report.driver_version;
  if (!version.empty()) text += ' ' + version;
  if (report.cuda_version) text += fmt::format(", CUDA {}.{}", *report.cuda_version / 1000, *report.cuda_version % 1000 / 10);
  return text;
}

// A process can use one instance: the largest is what a model may have, the card's total is not.
void add_instances(const NvmlDevice& from, Accelerator& device, Sightings& seen) {
  std::vector<int> known;
  Bytes largest{0};
  std::optional<Bytes> largest_free;
  for (const NvmlMigInstance& instance : from.instances) {
    const int id = instance.gpu_instance.value_or(-1);
    // Compute instances of one GPU instance share its memory.
    if (id >= 0 && std::find(known.begin(), known.end(), id) != known.end()) continue;
    known.push_back(id);
    const std::string profile = mig_profile(instance.name);
    Partition partition;
    partition.id = id >= 0 ? fmt::format("gpu-instance-{}", id) : fmt::format("mig-{}", known.size() - 1);
    partition.name = profile.empty() ? "MIG instance" : "MIG " + profile;
    partition.memory = instance.total;
    if (instance.total && *instance.total > largest) {
      largest = *instance.total;
      largest_free = instance.free;
    }
    device.partitions.push_back(std::move(partition));
  }
  if (device.partitions.empty()) {
    device.usable = false;
    device.why_not = "MIG is on but no instance was made.";
    seen.note(Severity::warning, "mig-empty", device.name + " has MIG on and no instance; nothing can run on it.",
              "Create one (sudo nvidia-smi mig -cgi 0 -C) or turn MIG off (sudo nvidia-smi -mig 0).");
    return;
  }
  const std::string whole = device.memory.total ? fmt::format("{:.1f} GiB card", in_gib(device.memory.total->value)) : "card";
  device.memory.total.reset();
  device.memory.free.reset();
  if (largest.value > 0) {
    device.memory.total = Fact<Bytes>{largest, Source{Origin::reported, "nvml, largest MIG instance", "", Confidence::unstated}};
    device.memory.free = largest_free;
    seen.note(Severity::info, "mig",
              fmt::format("{} is split into {} MIG instances; the largest has {:.1f} GiB of the {}, and a program can use only one.",
                          device.name, device.partitions.size(), in_gib(largest), whole),
              "Turn MIG off (sudo nvidia-smi -mig 0) to use the card as a whole.");
  }
}

void apply_device(const NvmlDevice& from, const NvmlReport& report, const std::string& kernel_version, Sightings& seen) {
  AcceleratorSighting& sighting = seen.accelerator(from.address.empty() ? "nvml:" + from.uuid : from.address);
  Accelerator& device = sighting.device;
  device.kind = AcceleratorKind::gpu;
  device.vendor = "NVIDIA";
  if (!from.name.empty()) device.name = from.name;
  if (!device.pci && !from.address.empty()) {
    PciAddress pci;
    pci.address = from.address;
    pci.vendor_id = static_cast<std::uint16_t>(from.pci_device_id & 0xffff);
    pci.device_id = static_cast<std::uint16_t>(from.pci_device_id >> 16);
    if (pci.vendor_id == pci::k_nvidia) device.pci = pci;
  }
  sighting.uuid = from.uuid;
  device.driver = driver_text(report, kernel_version);
  device.usable = true;
  device.why_not.reset();
  if (!from.compute_capability.empty()) device.compute_capability = from.compute_capability;
  if (from.total) {
    learn(device.memory.total, Fact<Bytes>{*from.total, reported()});
    device.memory.free = from.free;
  }
  if (from.power_limit_w) learn(device.power_limit, Fact<Watts>{Watts{*from.power_limit_w}, reported()});
  if (shares_system_memory(from, seen.device_tree_compatible)) {
    sighting.uses_system_memory = true;
    device.integrated = true;
    device.memory.kind = MemoryKind::unified;
    device.memory.total.reset();
    device.memory.free.reset();
  } else if (from.bus_bits && from.memory_clock_mhz) {
    // Both edges of the clock carry data.
    learn(device.bandwidth,
          Fact<BytesPerSecond>{BytesPerSecond{*from.bus_bits / 8.0 * *from.memory_clock_mhz * 2e6},
                               Source{Origin::estimated, fmt::format("{} bits x {} MHz x 2 / 8 (nvml)", *from.bus_bits, *from.memory_clock_mhz),
                                      "", Confidence::unstated}});
  }
  if (from.virtualization == k_vgpu_guest) {
    seen.note(Severity::info, "vgpu",
              device.name + " is a virtual GPU: its memory is the profile's, and CUDA unified memory may be switched off.",
              "Ask the host's administrator for a larger profile; check the licence with nvidia-smi -q.");
  }
  if (from.mig) add_instances(from, device, seen);
}

}  // namespace

bool shares_system_memory(const NvmlDevice& device, const std::vector<std::string>& device_tree_compatible) {
  const bool is_tegra = std::any_of(device_tree_compatible.begin(), device_tree_compatible.end(), [](const std::string& name) {
    return !tegra_compute_capability(name).empty();
  });
  if (is_tegra || device.name.ends_with("(nvgpu)")) return true;
  for (const std::string_view part : {"GB10", "Thor", "Orin"}) {
    const auto words = split_words(device.name);
    if (std::find(words.begin(), words.end(), part) != words.end()) return true;
  }
  // Address translation shared with the processor, and no memory of its own to report: GH200 and GB200 have one.
  constexpr int k_ats = 2;
  return device.addressing == k_ats && !device.total;
}

void apply_nvml_report(const NvmlReport& report, const std::string& kernel_version, Sightings& seen) {
  if (report.failure != 0) {
    const Note note = nvml_failure_note(report.failure, kernel_version, report.library_version);
    seen.note(note.severity, note.code, note.message, note.advice);
    for (AcceleratorSighting& sighting : seen.accelerators) {
      Accelerator& device = sighting.device;
      if (!device.usable || !device.pci || device.pci->vendor_id != pci::k_nvidia) continue;
      device.usable = false;
      device.why_not = note.message;
    }
    if (report.devices.empty()) return;
  }
  for (const NvmlDevice& device : report.devices) {
    if (device.failure != 0) {
      const Note note = nvml_failure_note(device.failure, kernel_version, report.library_version);
      seen.note(note.severity, note.code, note.message, note.advice);
    } else if (!device.address.empty() || !device.uuid.empty()) {
      apply_device(device, report, kernel_version, seen);
    }
  }
  // What the driver does not list, it does not serve.
  if (report.failure != 0 || !report.has_library) return;
  for (AcceleratorSighting& sighting : seen.accelerators) {
    Accelerator& device = sighting.device;
    if (!device.usable || sighting.is_asleep || !sighting.uuid.empty() || !device.pci || device.pci->vendor_id != pci::k_nvidia) continue;
    device.usable = false;
    device.why_not = "NVIDIA's driver does not answer for it (lost, excluded or not passed to this container).";
  }
}

void apply_cuda_report(const std::vector<CudaDevice>& devices, Sightings& seen) {
  for (const CudaDevice& from : devices) {
    AcceleratorSighting* sighting = from.address.empty() ? nullptr : seen.find_accelerator(from.address);
    if (sighting == nullptr) continue;
    Accelerator& device = sighting->device;
    if (device.name.empty() || device.name.find(" device ") != std::string::npos) device.name = starts_with_ignoring_case(from.name, "NVIDIA") ? from.name : "NVIDIA " + from.name;
    if (!device.compute_capability && !from.compute_capability.empty()) device.compute_capability = from.compute_capability;
    if (from.multiprocessors && !device.compute_units) device.compute_units = from.multiprocessors;
    if (from.integrated) {
      sighting->uses_system_memory = true;
      device.integrated = true;
      device.memory.kind = MemoryKind::unified;
      device.memory.total.reset();
      device.memory.free.reset();
    } else if (from.total) {
      learn(device.memory.total, Fact<Bytes>{*from.total, Source{Origin::reported, "cuDeviceTotalMem", "", Confidence::unstated}});
    }
  }
}

}  // namespace hardscape
