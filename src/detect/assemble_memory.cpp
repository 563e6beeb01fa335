#include "detect/assemble.hpp"

namespace hardscape {

Memory assemble_memory(const Sightings& seen, std::vector<Note>&) {
  Memory memory;
  if (seen.memory.total) memory.total = *seen.memory.total;
  return memory;
}

}  // namespace hardscape
