#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "catalogue/fill.hpp"
#include "catalogue/match.hpp"

namespace hardscape {
namespace {

Note ambiguous(const Accelerator& accelerator, const std::vector<const Device*>& devices) {
  std::vector<std::string> ids;
  ids.reserve(devices.size());
  for (const auto* device : devices) ids.push_back(device->id);
  if (ids.size() > 6) ids.resize(6);
  return {Severity::info, "ambiguous-device",
          accelerator.id + " (" + printable(accelerator.name) + ") may be " + join_words(ids, "or") +
              "; only what these have in common is filled in",
          "Run again with --machine and one of these ids to see its figures."};
}

// "NVIDIA device 10de:2684" where the system has no list of names: the catalogue knows the number.
void name_by_number(Accelerator& accelerator, const std::vector<const Device*>& devices) {
  if (!accelerator.pci || devices.empty() || devices.size() > 3) return;
  const std::string number = fmt::format(" device {:04x}:{:04x}", accelerator.pci->vendor_id, accelerator.pci->device_id);
  if (!accelerator.name.ends_with(number)) return;
  std::string names;
  for (const Device* device : devices) {
    const bool says_vendor = starts_with_ignoring_case(device->name, device->vendor);
    names += (names.empty() ? "" : " / ") + (says_vendor ? device->name : device->vendor + ' ' + device->name);
  }
  accelerator.name = std::move(names);
}

// The catalogue says what only the driver could have said.
void forget_unknown_memory(std::vector<Note>& notes, const std::string& name) {
  std::erase_if(notes, [&](const Note& note) { return note.code == "memory-size-unknown" && note.message.starts_with(name + ':'); });
}

// The whole memory of a board or a chip that shares it, by the board's name.
void learn_from_board(Machine& machine, const Catalogue& catalogue) {
  if (!machine.board) return;
  // "Raspberry Pi 5 Model B Rev 1.1": the revision of the board is no part of its name.
  const std::string_view board = std::string_view(*machine.board).substr(0, machine.board->find(" Rev "));
  for (const auto* device : catalogue.look_up(board).matches) {
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
    const std::string seen_name = accelerator.name;
    fill(accelerator, devices);
    if (devices.size() > 1) machine.notes.push_back(ambiguous(accelerator, devices));
    name_by_number(accelerator, devices);
    if (accelerator.memory.total) forget_unknown_memory(machine.notes, seen_name);
    if (machine.memory.unified && accelerator.memory.kind != MemoryKind::dedicated && accelerator.bandwidth)
      learn(machine.memory.bandwidth, *accelerator.bandwidth);
  }
  learn_from_board(machine, catalogue);
  learn_from_processors(machine, catalogue);
  return machine;
}

}  // namespace hardscape
