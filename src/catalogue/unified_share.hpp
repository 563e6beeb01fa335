// How much of a unified memory the system lets the GPU take by default (data/unified_memory.json).
#pragma once

#include <string>

#include "hardscape/catalogue.hpp"

namespace hardscape {

struct UnifiedShare {
  double share = 1;
  std::string source;
  std::string notes;  // a sentence
};

UnifiedShare unified_share(const Device& device, Bytes memory);

}  // namespace hardscape
