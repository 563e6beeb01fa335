// Sightings to the machine they describe; pure.
#pragma once

#include "detect/sightings.hpp"
#include "hardscape/machine.hpp"

namespace hardscape {

Machine assemble(const Sightings& seen);

// The parts, for their tests.
Processor assemble_processor(const Sightings& seen, std::vector<Note>& notes);
Memory assemble_memory(const Sightings& seen, std::vector<Note>& notes);
std::vector<Accelerator> assemble_accelerators(const Sightings& seen, const Memory& memory, std::vector<Note>& notes);
// One bus serves the processor and the device that does the work; a screen's graphics beside a card do not count.
bool is_unified(const std::vector<Accelerator>& accelerators);

}  // namespace hardscape
