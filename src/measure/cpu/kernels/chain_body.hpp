// The loop of an ArithmeticKernel for a vector type V; included by one translation unit for each instruction set.
//
// V has: Register, k_bytes, load, store, step(Register&, x, y).
#pragma once

#include <utility>

#include "measure/cpu/kernels/arithmetic_kernels.hpp"

namespace hardscape::measuring {
namespace {

template <class V, std::size_t... I>
void chain(void* accumulators, const void* operands, std::int64_t turns, std::index_sequence<I...>) {
  auto* at = static_cast<unsigned char*>(accumulators);
  const auto* given = static_cast<const unsigned char*>(operands);
  typename V::Register r[] = {V::load(at + I * V::k_bytes)...};
  const auto x1 = V::load(given), y1 = V::load(given + k_operand_bytes);
  const auto x2 = V::load(given + 2 * k_operand_bytes), y2 = V::load(given + 3 * k_operand_bytes);
  for (; turns > 0; --turns) {
    (V::step(r[I], x1, y1), ...);
    (V::step(r[I], x2, y2), ...);
  }
  (V::store(at + I * V::k_bytes, r[I]), ...);
}

template <class V, std::size_t N>
void chains(void* accumulators, const void* operands, std::int64_t turns) {
  chain<V>(accumulators, operands, turns, std::make_index_sequence<N>{});
}

// Sixteen vector registers hold twelve accumulators and four operands; thirty-two hold more.
template <class V>
constexpr ArithmeticKernel kernel_of(const char* name, const char* precision, const char* unit, const char* needs, const char* instruction,
                                     Recipe recipe, int lane_bytes, int register_bytes, double work) {
  if constexpr (V::k_many)
    return {name, precision, unit, needs, instruction, recipe, lane_bytes, register_bytes, 2, work,
            {{8, chains<V, 8>}, {12, chains<V, 12>}, {16, chains<V, 16>}, {24, chains<V, 24>}, {0, nullptr}}};
  else
    return {name, precision, unit, needs, instruction, recipe, lane_bytes, register_bytes, 2, work,
            {{8, chains<V, 8>}, {10, chains<V, 10>}, {12, chains<V, 12>}, {0, nullptr}, {0, nullptr}}};
}

}  // namespace
}  // namespace hardscape::measuring
