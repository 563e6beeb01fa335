#include "detect/assemble.hpp"

namespace hardscape {

Processor assemble_processor(const Sightings& seen, std::vector<Note>&) {
  Processor processor;
  processor.name = seen.processor.name.value_or("");
  return processor;
}

}  // namespace hardscape
