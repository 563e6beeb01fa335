#include <fmt/format.h>

#include <algorithm>

#include "detect/assemble.hpp"

namespace hardscape {
namespace {

// Memory that a device shares with the processor, counted once: what firmware set aside for it, plus what of the
// system's memory the driver lets it use.
void share_memory(const AcceleratorSighting& sighting, const Memory& memory, Accelerator& device) {
  AcceleratorMemory& shared = device.memory;
  const std::optional<Bytes> system = memory.total.value > 0 ? std::optional(memory.limit.value_or(memory.total)) : std::nullopt;
  if (sighting.uses_system_memory) {
    if (!system) return;
    learn(shared.total, Fact<Bytes>{*system, Source{Origin::reported, "the machine's memory, which the device shares", "", Confidence::unstated}});
    shared.free = memory.available;
    return;
  }
  // Without the driver's bound nobody knows how much it may take.
  if (!sighting.mappable || !system) return;
  const Bytes carve_out = sighting.carve_out.value_or(Bytes{0});
  std::string source = fmt::format("min({}, system memory)", sighting.mappable_source);
  if (sighting.carve_out) source = "firmware's share (mem_info_vram_total) + " + source;
  learn(shared.total, Fact<Bytes>{carve_out + std::min(*sighting.mappable, *system), Source{Origin::reported, source, "", Confidence::unstated}});
  if (memory.available)
    shared.free = carve_out - std::min(carve_out, sighting.carve_out_used.value_or(Bytes{0})) + std::min(*sighting.mappable, *memory.available);
}

// Processors' own graphics never come before a card.
int rank(const Accelerator& device) {
  return static_cast<int>(device.kind) * 2 + (device.integrated ? 1 : 0);
}

}  // namespace

std::vector<Accelerator> assemble_accelerators(const Sightings& seen, const Memory& memory, std::vector<Note>&) {
  std::vector<const AcceleratorSighting*> order;
  for (const AcceleratorSighting& sighting : seen.accelerators) order.push_back(&sighting);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    if (rank(a->device) != rank(b->device)) return rank(a->device) < rank(b->device);
    return a->key < b->key;
  });
  std::vector<Accelerator> devices;
  int counts[3] = {0, 0, 0};
  for (const AcceleratorSighting* sighting : order) {
    Accelerator device = sighting->device;
    device.id = std::string(to_string(device.kind)) + std::to_string(counts[static_cast<int>(device.kind)]++);
    share_memory(*sighting, memory, device);
    devices.push_back(std::move(device));
  }
  return devices;
}

bool is_unified(const std::vector<Accelerator>& accelerators) {
  const auto has = [&](MemoryKind kind) {
    return std::any_of(accelerators.begin(), accelerators.end(), [&](const Accelerator& device) {
      return device.kind == AcceleratorKind::gpu && device.memory.kind == kind && (kind != MemoryKind::dedicated || device.usable);
    });
  };
  return has(MemoryKind::unified) && !has(MemoryKind::dedicated);
}

}  // namespace hardscape
