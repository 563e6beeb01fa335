// What holds AI work back on a machine.
#pragma once

#include <vector>

#include "hardscape/overview.hpp"

namespace hardscape {

std::vector<Limitation> limits_of(const Machine& machine, const MemoryView& memory);

}  // namespace hardscape
