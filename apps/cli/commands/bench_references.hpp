// What others published about models like the one that was benchmarked.
#pragma once

#include <vector>

#include "hardscape/bench.hpp"
#include "hardscape/machine.hpp"

namespace hardscape::cli {

// Decode speeds of models within a tenth of this size in this quantisation: first on hardware of this name, then on
// hardware of the same kind, nearest size first; at most `most`, one a device. Empty where nobody published any.
std::vector<BenchReference> references_of(const BenchReport& report, const Machine& machine, std::size_t most = 5);

}  // namespace hardscape::cli
