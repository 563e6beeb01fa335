#include "detect/assemble.hpp"

#include <algorithm>

namespace hardscape {

Machine assemble(const Sightings& seen) {
  Machine machine;
  machine.os = seen.os;
  machine.board = seen.board;
  machine.notes = seen.notes;
  if (!seen.topology.online.empty()) {
    machine.processors.push_back(assemble_processor(seen, machine.notes));
  } else {
    machine.notes.push_back({Severity::error, "no-processor",
                             "No processor was found: neither /sys/devices/system/cpu nor /proc/cpuinfo could be read.",
                             "Mount /proc and /sys, or give --root the folder that holds them."});
  }
  machine.memory = assemble_memory(seen, machine.notes);
  machine.accelerators = assemble_accelerators(seen, machine.memory, machine.notes);
  machine.memory.unified = is_unified(machine.accelerators);
  const auto rank = [](const Note& note) { return -static_cast<int>(note.severity); };
  std::stable_sort(machine.notes.begin(), machine.notes.end(),
                   [&](const Note& a, const Note& b) { return rank(a) < rank(b); });
  return machine;
}

}  // namespace hardscape
