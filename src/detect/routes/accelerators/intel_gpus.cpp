#include "detect/routes/accelerators/device_access.hpp"
#include "detect/routes/accelerators/intel_memory_regions.hpp"
#include "detect/routes/accelerators/routes_of_accelerators.hpp"

namespace hardscape {
namespace {

constexpr std::uint16_t k_intel = 0x8086;

void learn_regions(const IntelMemoryRegions& regions, AcceleratorSighting& sighting) {
  AcceleratorMemory& memory = sighting.device.memory;
  if (regions.device.value > 0) {
    sighting.device.integrated = false;
    memory.kind = MemoryKind::dedicated;
    learn(memory.total, Fact<Bytes>{regions.device, Source{Origin::reported, regions.source, "", Confidence::unstated}});
    memory.free = regions.device_free;
  } else if (regions.system.value > 0) {
    sighting.device.integrated = true;
    memory.kind = MemoryKind::shared;
    sighting.mappable = regions.system;
    sighting.mappable_source = regions.source;
  }
}

}  // namespace

void observe_intel_gpus(const Host& host, const DetectOptions&, Sightings& seen) {
  for (AcceleratorSighting& sighting : seen.accelerators) {
    Accelerator& device = sighting.device;
    if (!device.pci || device.pci->vendor_id != k_intel || device.kind != AcceleratorKind::gpu) continue;
    // Processors' graphics are always this function of the root complex; cards sit behind a bridge.
    device.integrated = device.pci->address.ends_with(":00:02.0") && device.pci->address.starts_with("0000");
    if (device.integrated) device.memory.kind = MemoryKind::shared;

    const std::string render = render_node_of(host.files, sighting.folder);
    if (host.is_live && device.usable && !render.empty()) {
      const std::string node = "/dev/dri/" + render;
      device.why_not = access_refusal({node_state(host.files, node)}, seen.os.container.has_value());
      device.usable = !device.why_not;
      if (device.usable && !sighting.is_asleep && device.driver) {
        if (const auto regions = ask_intel_memory_regions(node, *device.driver)) learn_regions(*regions, sighting);
      }
    }
  }
}

}  // namespace hardscape
