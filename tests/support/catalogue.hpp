// The built-in catalogue, read once a test program.
#pragma once

#include "hardscape/catalogue.hpp"

namespace hardscape {

inline const Catalogue& catalogue() {
  static const Catalogue built = Catalogue::built_in();
  return built;
}

}  // namespace hardscape
