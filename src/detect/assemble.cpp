#include "detect/assemble.hpp"

namespace hardscape {

Machine assemble(const Sightings& seen) {
  Machine machine;
  machine.os = seen.os;
  machine.board = seen.board;
  machine.notes = seen.notes;
  machine.processors.push_back(assemble_processor(seen, machine.notes));
  machine.memory = assemble_memory(seen, machine.notes);
  machine.accelerators = assemble_accelerators(seen, machine.notes);
  return machine;
}

}  // namespace hardscape
