// The data that accelerators compute on, the same on the device and here, so that results can be checked.
//
// Memory holds numbers close to a normal distribution (the sum of four uniform ones: Irwin-Hall): constant data draws less power
// and some chips compress it, which flatters. Chains of x <- x * x + c with c = -1.9 are chaotic: every bit keeps
// moving, and no compiler can shorten the loop.
#pragma once

#include <cstdint>

namespace hardscape::measuring {

// splitmix64's mixing of a counter (Steele, Lea, Flood, OOPSLA 2014).
constexpr std::uint64_t mixed(std::uint64_t i) {
  std::uint64_t z = (i + 1) * 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// Element i of a buffer: mean 0, standard deviation 1.15, exact in FP32 (18 bits).
constexpr float normal_at(std::uint64_t i) {
  const std::uint64_t z = mixed(i);
  const auto part = [&](int shift) { return static_cast<std::int32_t>((z >> shift) & 0xffff); };
  return static_cast<float>(part(0) + part(16) + part(32) + part(48) - 131070) * 0x1p-15f;
}

inline constexpr double k_chain_constant = -1.9;

// Where chain number k of the device starts: 0.25 to 0.75, exact in FP16.
constexpr double chain_start(std::uint64_t k) { return 0.25 + static_cast<double>(k & 127) * 0x1p-8; }

// Nearest FP16 or BF16 number of a finite double, ties to even, as a double; overflow gives infinity.
double rounded_to_half(double x);
double rounded_to_bfloat(double x);

// The FP16 number with these bits.
double half_from_bits(std::uint16_t bits);
// And the bits of the nearest number of a double; infinity when it is too large.
std::uint16_t half_bits(double x);
std::uint16_t bfloat_bits(double x);

enum class ChainType { fp64, fp32, fp16 };

// One chain after `steps` fused steps, each rounded once to its type.
double chain_after(ChainType type, double start, double constant, std::uint64_t steps);

// Sum rounded to the type after each addition, in the order in which the kernels add.
double rounded_to(ChainType type, double x);

}  // namespace hardscape::measuring
