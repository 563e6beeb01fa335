#include <algorithm>

#include "base/text.hpp"
#include "catalogue/fill.hpp"
#include "catalogue/match.hpp"

namespace hardscape {
namespace {

Note ambiguous(const Accelerator& accelerator, const std::vector<const Device*>& devices) {
  std::vector<std::string> ids;
  for (const auto* device : devices) ids.push_back(device->id);
  if (ids.size() > 6) ids.resize(6);
  return {Severity::info, "ambiguous-device",
          accelerator.id + " (" + printable(accelerator.name) + ") may be " + join_words(ids, "or") +
              "; only what these have in common is filled in",
          "Run again with --machine and one of these ids to see its figures."};
}

// The whole memory of a board or a chip that shares it, by the board's name.
void learn_from_board(Machine& machine, const Catalogue& catalogue) {
  if (!machine.board) return;
  for (const auto* device : catalogue.look_up(*machine.board).matches) {
    if (!device->unified_memory || !device->bandwidth) continue;
    learn(machine.memory.bandwidth, *device->bandwidth);
    const bool computes = device->compute_capability || device->gfx_target;
    const bool has_gpu = std::any_of(machine.accelerators.begin(), machine.accelerators.end(),
                                     [](const Accelerator& a) { return a.kind == AcceleratorKind::gpu; });
    if (computes && !has_gpu)
      machine.notes.push_back({Severity::warning, "board-gpu-not-seen",
                               device->name + " has a GPU of its own, which neither bus nor driver shows here.",
                               "Install its driver, or pass the device to this container; --machine " + device->id + " shows the whole board."});
    return;
  }
}

// Peak bandwidth of all channels of all sockets. In a virtual machine the channels are shared with others, so that a
// peak would mislead.
void learn_from_processors(Machine& machine, const Catalogue& catalogue) {
  if (machine.os.virtualization || machine.memory.bandwidth) return;
  for (const auto& processor : machine.processors) {
    const auto* device = device_of(processor, catalogue);
    if (device == nullptr || !device->bandwidth) continue;
    Fact<BytesPerSecond> peak = *device->bandwidth;
    peak.value = peak.value * std::max(processor.sockets, 1);
    peak.source.origin = Origin::estimated;
    peak.source.ref += "; derived:every channel of every socket filled at the fastest rated speed";
    learn(machine.memory.bandwidth, std::move(peak));
    return;
  }
}

}  // namespace

Machine resolve(Machine machine, const Catalogue& catalogue) {
  for (auto& accelerator : machine.accelerators) {
    const auto devices = devices_of(accelerator, machine, catalogue);
    fill(accelerator, devices);
    if (devices.size() > 1) machine.notes.push_back(ambiguous(accelerator, devices));
    if (machine.memory.unified && accelerator.memory.kind != MemoryKind::dedicated && accelerator.bandwidth)
      learn(machine.memory.bandwidth, *accelerator.bandwidth);
  }
  learn_from_board(machine, catalogue);
  learn_from_processors(machine, catalogue);
  return machine;
}

}  // namespace hardscape
