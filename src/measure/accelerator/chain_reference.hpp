// What one work-item or thread must store after its chains, worked out here step by step.
#pragma once

#include <cstdint>

#include "measure/accelerator/test_data.hpp"

namespace hardscape::measuring {

// Chains numbered first, first + 1, … in vectors of `width`: the vectors are added lane by lane, then the lanes in order,
// each sum rounded to the type.
double chain_sum(ChainType type, std::uint64_t first, int width, int chains, std::uint64_t steps, bool zeros);

// acc <- saturated(dot of four signed bytes of acc and of factor + acc), chains combined by exclusive or.
std::uint32_t dot4_sum(std::uint64_t first, int chains, std::uint64_t steps, std::uint32_t factor, bool zeros, bool saturated);
std::uint32_t dot4_start(std::uint64_t k);

// x <- x * x + c in eight bits, lanes and chains combined by exclusive or.
std::uint8_t char_sum(std::uint64_t first, int lanes, std::uint64_t steps, int constant, bool zeros);

}  // namespace hardscape::measuring
