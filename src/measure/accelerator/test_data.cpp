#include "measure/accelerator/test_data.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace hardscape::measuring {
namespace {

// `digits` significant bits, exponents of normal numbers from `least` (of the leading bit) to `most`.
double rounded(double x, int digits, int least, int most) {
  if (x == 0 || !std::isfinite(x)) return x;
  const int exponent = std::max(std::ilogb(x), least);
  const double unit = std::ldexp(1.0, exponent - digits + 1);
  const double nearest = std::nearbyint(x / unit) * unit;
  if (nearest != 0 && std::ilogb(nearest) > most) return std::copysign(HUGE_VAL, x);
  return nearest;
}

}  // namespace

double rounded_to_half(double x) { return rounded(x, 11, -14, 15); }
double rounded_to_bfloat(double x) { return rounded(x, 8, -126, 127); }

double half_from_bits(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const int fraction = bits & 1023;
  double value = HUGE_VAL;
  if (exponent == 31 && fraction != 0) value = std::nan("");
  else if (exponent == 0) value = std::ldexp(fraction, -24);
  else if (exponent < 31) value = std::ldexp(1024 + fraction, exponent - 25);
  return (bits & 0x8000) != 0 ? -value : value;
}

std::uint16_t half_bits(double x) {
  const double nearest = rounded_to_half(x);
  const unsigned sign = std::signbit(x) ? 0x8000u : 0u;
  if (nearest == 0) return static_cast<std::uint16_t>(sign);
  if (std::isnan(nearest)) return 0x7e00;
  if (std::isinf(nearest)) return static_cast<std::uint16_t>(sign | 0x7c00u);
  const int exponent = std::max(std::ilogb(nearest), -14);
  const auto digits = static_cast<unsigned>(std::ldexp(std::abs(nearest), 10 - exponent));
  // A number below 2^-14 has no leading one, and its exponent field is then 0.
  const unsigned field = digits < 1024 ? 0 : static_cast<unsigned>(exponent + 15);
  return static_cast<std::uint16_t>(sign | field << 10 | (digits & 1023u));
}

std::uint16_t bfloat_bits(double x) {
  return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(static_cast<float>(rounded_to_bfloat(x))) >> 16);
}

double rounded_to(ChainType type, double x) {
  switch (type) {
    case ChainType::fp64: return x;
    case ChainType::fp32: return static_cast<double>(static_cast<float>(x));
    case ChainType::fp16: return rounded_to_half(x);
  }
  return x;
}

double chain_after(ChainType type, double start, double constant, std::uint64_t steps) {
  double x = rounded_to(type, start);
  const double c = rounded_to(type, constant);
  for (std::uint64_t i = 0; i < steps; ++i) {
    switch (type) {
      case ChainType::fp64: x = std::fma(x, x, c); break;
      case ChainType::fp32: {
        const auto narrow = static_cast<float>(x);
        x = static_cast<double>(std::fma(narrow, narrow, static_cast<float>(c)));
        break;
      }
      // The square of 11 bits and the sum with 11 bits fit a double, so this rounds once.
      case ChainType::fp16: x = rounded_to_half(x * x + c); break;
    }
  }
  return x;
}

}  // namespace hardscape::measuring
