// What the arithmetic loops should have computed, number by number; pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "hardscape/result.hpp"
#include "measure/cpu/kernels/arithmetic_kernels.hpp"

namespace hardscape::measuring {

float half_to_float(std::uint16_t half);
std::uint16_t float_to_half(float value);        // to nearest even; no subnormals, no overflow: our data has none
std::uint16_t float_to_bf16(float value);        // to nearest even
float bf16_to_float(std::uint16_t value);

// Accumulators and operands for a kernel, random normal (bytes: of both signs), bounded however long it runs.
struct ChainData {
  std::vector<unsigned char> accumulators;       // k_most_accumulators registers
  std::vector<unsigned char> operands;           // x1, y1, x2, y2, k_operand_bytes apart
};
ChainData chain_data(const ArithmeticKernel& kernel, std::size_t register_bytes, std::uint64_t seed);

// Takes `before` through `turns` turns in plain code and compares: to the bit where rounding is fixed.
Status check_chain(const ArithmeticKernel& kernel, std::size_t register_bytes, int accumulators, int turns, const std::vector<unsigned char>& before,
                   const std::vector<unsigned char>& operands, const unsigned char* after);

}  // namespace hardscape::measuring
