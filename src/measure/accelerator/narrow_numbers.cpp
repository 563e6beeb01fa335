#include "measure/accelerator/narrow_numbers.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "measure/accelerator/test_data.hpp"

namespace hardscape::measuring {
namespace {

template <class T>
void append_raw(std::vector<unsigned char>& bytes, T value) {
  unsigned char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  bytes.insert(bytes.end(), raw, raw + sizeof(T));
}

template <class T>
T raw(const unsigned char* at) {
  T value{};
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace

std::size_t bytes_of(NumberType type) {
  switch (type) {
    case NumberType::fp32:
    case NumberType::int32: return 4;
    case NumberType::fp16:
    case NumberType::bf16: return 2;
    case NumberType::fp8:
    case NumberType::int8: return 1;
  }
  return 1;
}

std::uint8_t fp8_bits(double value) {
  const unsigned sign = std::signbit(value) ? 0x80u : 0u;
  const double size = std::min(std::abs(value), 448.0);
  if (size < 0x1p-10) return static_cast<std::uint8_t>(sign);
  const int exponent = std::max(std::ilogb(size), -6);
  auto digits = static_cast<unsigned>(std::nearbyint(std::ldexp(size, 3 - exponent)));
  auto field = static_cast<unsigned>(exponent + 7);
  if (digits == 16) {
    digits = 8;
    ++field;
  }
  if (digits < 8) field = 0;
  return static_cast<std::uint8_t>(sign | field << 3 | (digits & 7u));
}

double fp8_from_bits(std::uint8_t bits) {
  const int exponent = (bits >> 3) & 15;
  const int fraction = bits & 7;
  if (exponent == 15 && fraction == 7) return std::nan("");
  const double size = exponent == 0 ? std::ldexp(fraction, -9) : std::ldexp(8 + fraction, exponent - 10);
  return (bits & 0x80) != 0 ? -size : size;
}

void append(std::vector<unsigned char>& bytes, NumberType type, double value) {
  switch (type) {
    case NumberType::fp32: return append_raw(bytes, static_cast<float>(value));
    case NumberType::fp16: return append_raw(bytes, half_bits(value));
    case NumberType::bf16: return append_raw(bytes, bfloat_bits(value));
    case NumberType::fp8: return append_raw(bytes, fp8_bits(value));
    case NumberType::int8: return append_raw(bytes, static_cast<std::int8_t>(std::clamp(std::nearbyint(32 * value), -127.0, 127.0)));
    case NumberType::int32: return append_raw(bytes, static_cast<std::int32_t>(value));
  }
}

double read(const unsigned char* at, NumberType type) {
  switch (type) {
    case NumberType::fp32: return static_cast<double>(raw<float>(at));
    case NumberType::fp16: return half_from_bits(raw<std::uint16_t>(at));
    case NumberType::bf16: return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(raw<std::uint16_t>(at)) << 16));
    case NumberType::fp8: return fp8_from_bits(*at);
    case NumberType::int8: return raw<std::int8_t>(at);
    case NumberType::int32: return raw<std::int32_t>(at);
  }
  return 0;
}

}  // namespace hardscape::measuring
