#include <algorithm>

#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

template <class T>
void fill(std::optional<T>& open, const std::optional<T>& answer) {
  if (!open) open = answer;
}

void complete(Accelerator& device, const Accelerator& recorded) {
  if (!recorded.name.empty()) device.name = recorded.name;
  fill(device.memory.total, recorded.memory.total);
  fill(device.memory.free, recorded.memory.free);
  fill(device.bandwidth, recorded.bandwidth);
  fill(device.fp32, recorded.fp32);
  fill(device.fp16, recorded.fp16);
  fill(device.int8, recorded.int8);
  fill(device.power_limit, recorded.power_limit);
  fill(device.driver, recorded.driver);
  fill(device.compute_capability, recorded.compute_capability);
  fill(device.gfx_target, recorded.gfx_target);
  fill(device.compute_units, recorded.compute_units);
  if (device.partitions.empty()) device.partitions = recorded.partitions;
  // Whether this user could open it then, no file says.
  device.usable = recorded.usable;
  device.why_not = recorded.why_not;
}

}  // namespace

// The machine document that `gather` puts into a recording holds what drivers, libraries and instructions said, which
// files do not repeat. It fills what the files leave open and never overrides them.
void observe_recorded_answers(const Host& host, const DetectOptions&, Sightings& seen) {
  if (host.is_live) return;
  const auto text = host.files.read("/hardscape/machine.json");
  if (!text) return;
  const auto machine = machine_from_json(*text, "/hardscape/machine.json");
  if (!machine) {
    seen.note(Severity::warning, "recording-damaged", machine.error().message);
    return;
  }
  if (!seen.os.virtualization || *seen.os.virtualization == "unknown hypervisor")
    seen.os.virtualization = machine->os.virtualization;
  if (!seen.os.container) seen.os.container = machine->os.container;
  if (!machine->processors.empty()) seen.processor.features = machine->processors.front().features;
  for (const Accelerator& recorded : machine->accelerators) {
    const std::string key = recorded.pci ? recorded.pci->address : recorded.id;
    AcceleratorSighting* known = seen.find_accelerator(key);
    if (known == nullptr && !recorded.pci) {
      // Off PCI the keys are the routes' own; name and kind tell the device.
      const auto same = std::find_if(seen.accelerators.begin(), seen.accelerators.end(), [&](const auto& sighting) {
        return sighting.device.name == recorded.name && sighting.device.kind == recorded.kind;
      });
      if (same != seen.accelerators.end()) known = &*same;
    }
    if (known == nullptr) {
      seen.accelerator(key).device = recorded;
    } else {
      complete(known->device, recorded);
    }
  }
}

}  // namespace hardscape
