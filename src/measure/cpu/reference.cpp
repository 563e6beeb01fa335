#include "measure/cpu/reference.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include "base/statistics.hpp"

namespace hardscape::measuring {
namespace {

template <class T>
T get(const unsigned char* from, std::size_t index) {
  T out;
  std::memcpy(&out, from + index * sizeof(T), sizeof(T));
  return out;
}

template <class T>
void put(unsigned char* to, std::size_t index, T value) {
  std::memcpy(to + index * sizeof(T), &value, sizeof(T));
}

struct Pair {
  const unsigned char* x;
  const unsigned char* y;
};

std::int32_t dot4(const unsigned char* x, const unsigned char* y, std::size_t lane, bool x_signed) {
  std::int32_t sum = 0;
  for (std::size_t i = 4 * lane; i < 4 * lane + 4; ++i)
    sum += (x_signed ? std::int32_t{get<std::int8_t>(x, i)} : std::int32_t{get<std::uint8_t>(x, i)}) * std::int32_t{get<std::int8_t>(y, i)};
  return sum;
}

std::int32_t wrapping_add(std::int32_t a, std::int32_t b) { return std::bit_cast<std::int32_t>(std::bit_cast<std::uint32_t>(a) + std::bit_cast<std::uint32_t>(b)); }

double bf16_dot2(const unsigned char* x, const unsigned char* y, std::size_t lane) {
  double sum = 0;
  for (std::size_t i = 2 * lane; i < 2 * lane + 2; ++i) sum += double{bf16_to_float(get<std::uint16_t>(x, i))} * double{bf16_to_float(get<std::uint16_t>(y, i))};
  return sum;
}

template <class T>
T float_step(Recipe recipe, T lane, T x, T y) {
  if (recipe == Recipe::fma) return std::fma(lane, x, y);
  if (recipe == Recipe::accumulate) return std::fma(x, y, lane);
  volatile T product = lane * x;  // rounded on its own, whatever the compiler may fuse
  return product + y;
}

// One lane after `turns` turns, in double: exact for the exact recipes, near for the others.
double lane_after(const ArithmeticKernel& k, std::size_t lane, int turns, const unsigned char* before, const Pair (&pairs)[2]) {
  switch (k.recipe) {
    case Recipe::fma:
    case Recipe::mul_add:
    case Recipe::accumulate: {
      if (k.lane_bytes == 8) {
        double at = get<double>(before, lane);
        for (int t = 0; t < turns; ++t)
          for (const auto& p : pairs) at = float_step(k.recipe, at, get<double>(p.x, lane), get<double>(p.y, lane));
        return at;
      }
      float at = get<float>(before, lane);
      for (int t = 0; t < turns; ++t)
        for (const auto& p : pairs) at = float_step(k.recipe, at, get<float>(p.x, lane), get<float>(p.y, lane));
      return double{at};
    }
    case Recipe::half_fma:
    case Recipe::half_accumulate: {
      float at = half_to_float(get<std::uint16_t>(before, lane));
      for (int t = 0; t < turns; ++t)
        for (const auto& p : pairs) {
          const float x = half_to_float(get<std::uint16_t>(p.x, lane)), y = half_to_float(get<std::uint16_t>(p.y, lane));
          at = half_to_float(float_to_half(k.recipe == Recipe::half_fma ? at * x + y : x * y + at));
        }
      return double{at};
    }
    case Recipe::bf16_pairs: {
      double at = double{get<float>(before, lane)};
      for (int t = 0; t < turns; ++t)
        for (const auto& p : pairs) at += bf16_dot2(p.x, p.y, lane);
      return at;
    }
    case Recipe::bytes_us:
    case Recipe::bytes_ss: {
      std::int32_t at = get<std::int32_t>(before, lane);
      for (int t = 0; t < turns; ++t)
        for (const auto& p : pairs) at = wrapping_add(at, dot4(p.x, p.y, lane, k.recipe == Recipe::bytes_ss));
      return double(at);
    }
    case Recipe::bytes_2x2: {  // in each 16 bytes: rows of eight of x times rows of eight of y, lanes 00 01 10 11
      std::int32_t at = get<std::int32_t>(before, lane);
      const std::size_t block = lane / 4 * 16, row = lane % 4 / 2, column = lane % 2;
      for (int t = 0; t < turns; ++t)
        for (const auto& p : pairs)
          for (std::size_t i = 0; i < 8; ++i)
            at = wrapping_add(at, std::int32_t{get<std::int8_t>(p.x, block + 8 * row + i)} * std::int32_t{get<std::int8_t>(p.y, block + 8 * column + i)});
      return double(at);
    }
    case Recipe::tile_bytes:
    case Recipe::tile_bf16: break;
  }
  return 0;
}

// Tile `tile` of four: x1 y1, x1 y2, x2 y1, x2 y2; row m, column n; y is packed by groups of one 32-bit word.
double tile_after(const ArithmeticKernel& k, int tile, std::size_t m, std::size_t n, int turns, const unsigned char* before, const Pair (&pairs)[2]) {
  const unsigned char* x = pairs[tile / 2].x;
  const unsigned char* y = pairs[tile % 2].y;
  const std::size_t lane = 16 * m + n;
  if (k.recipe == Recipe::tile_bytes) {
    std::int32_t at = get<std::int32_t>(before, lane);
    for (int t = 0; t < turns; ++t)
      for (std::size_t word = 0; word < 16; ++word) {
        unsigned char a[4], b[4];
        std::memcpy(a, x + 64 * m + 4 * word, 4);
        std::memcpy(b, y + 64 * word + 4 * n, 4);
        at = wrapping_add(at, dot4(a, b, 0, false));
      }
    return double(at);
  }
  double at = double{get<float>(before, lane)};
  for (int t = 0; t < turns; ++t)
    for (std::size_t word = 0; word < 16; ++word) {
      unsigned char a[4], b[4];
      std::memcpy(a, x + 64 * m + 4 * word, 4);
      std::memcpy(b, y + 64 * word + 4 * n, 4);
      at += bf16_dot2(a, b, 0);
    }
  return at;
}

// The accumulator's number, and how far from the plain one it may be.
double lane_of(const ArithmeticKernel& k, const unsigned char* at, std::size_t lane) {
  switch (k.recipe) {
    case Recipe::half_fma:
    case Recipe::half_accumulate: return double{half_to_float(get<std::uint16_t>(at, lane))};
    case Recipe::bytes_us:
    case Recipe::bytes_ss:
    case Recipe::bytes_2x2:
    case Recipe::tile_bytes: return double(get<std::int32_t>(at, lane));
    default: return k.lane_bytes == 8 ? get<double>(at, lane) : double{get<float>(at, lane)};
  }
}

double slack_of(const ArithmeticKernel& k, double want) {
  switch (k.recipe) {
    case Recipe::half_fma:
    case Recipe::half_accumulate: return 0.02 * (1 + std::abs(want));
    case Recipe::bf16_pairs:
    case Recipe::tile_bf16: return 1e-3 * (1 + std::abs(want));
    default: return 0;
  }
}

}  // namespace

float half_to_float(std::uint16_t half) {
  const int exponent = (half >> 10) & 31;
  const float magnitude = exponent == 0 ? std::ldexp(static_cast<float>(half & 1023), -24) : std::ldexp(static_cast<float>(1024 + (half & 1023)), exponent - 25);
  return (half & 0x8000) != 0 ? -magnitude : magnitude;
}

std::uint16_t float_to_half(float value) {
  const std::uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  int exponent = 0;
  const float mantissa = std::frexp(std::abs(value), &exponent);  // 0.5 .. 1
  if (mantissa == 0 || exponent < -13) return sign;
  // The leading one of 1024 .. 2048 raises the exponent by one, and by two when rounding carried.
  const long units = std::lrint(std::ldexp(mantissa, 11));
  return static_cast<std::uint16_t>(sign + ((exponent + 13) << 10) + units);
}

std::uint16_t float_to_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<std::uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

float bf16_to_float(std::uint16_t value) { return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16); }

ChainData chain_data(const ArithmeticKernel& k, std::size_t register_bytes, std::uint64_t seed) {
  Splitmix random(seed);
  ChainData out;
  out.accumulators.resize(register_bytes * k_most_accumulators);
  out.operands.resize(4 * k_operand_bytes);
  unsigned char* const operand[4] = {out.operands.data(), out.operands.data() + k_operand_bytes, out.operands.data() + 2 * k_operand_bytes,
                                     out.operands.data() + 3 * k_operand_bytes};
  const bool times = k.recipe == Recipe::fma || k.recipe == Recipe::mul_add || k.recipe == Recipe::half_fma;
  const bool bytes = k.recipe == Recipe::bytes_us || k.recipe == Recipe::bytes_ss || k.recipe == Recipe::bytes_2x2 || k.recipe == Recipe::tile_bytes;
  const bool halves = k.recipe == Recipe::half_fma || k.recipe == Recipe::half_accumulate;
  const bool bf16 = k.recipe == Recipe::bf16_pairs || k.recipe == Recipe::tile_bf16;
  const std::size_t width = bytes ? 1 : halves || bf16 ? 2 : static_cast<std::size_t>(k.lane_bytes);
  for (std::size_t i = 0; i < k_operand_bytes / width; ++i)
    for (std::size_t which = 0; which < 4; ++which) {
      const bool is_x = which % 2 == 0;
      if (bytes) {
        // Unsigned ones stay below 128, so that sums of two products fit 16 signed bits and nothing saturates.
        const bool positive = is_x && (k.recipe == Recipe::bytes_us || k.recipe == Recipe::tile_bytes);
        put(operand[which], i, positive ? static_cast<std::int8_t>(random.below(128)) : static_cast<std::int8_t>(static_cast<int>(random.below(255)) - 127));
        continue;
      }
      // lane * x + y: the first factor shrinks and turns the sign, the second grows a little less: bounded for ever.
      // lane + x * y: the second pair takes back what the first added.
      double value = random.normal();
      if (times && is_x) value = which == 0 ? -0.75 - 0.125 * random.uniform() : 1 + 0.125 * random.uniform();
      const std::size_t first_pair = which % 2;
      if (!times && which >= 2) {
        const unsigned char* same = operand[first_pair];
        const double earlier = halves ? double{half_to_float(get<std::uint16_t>(same, i))} : bf16 ? double{bf16_to_float(get<std::uint16_t>(same, i))}
                               : width == 8 ? get<double>(same, i) : double{get<float>(same, i)};
        value = which == 2 ? -earlier : earlier;
      }
      if (halves)
        put(operand[which], i, float_to_half(static_cast<float>(value)));
      else if (bf16)
        put(operand[which], i, float_to_bf16(static_cast<float>(value)));
      else if (width == 8)
        put(operand[which], i, value);
      else
        put(operand[which], i, static_cast<float>(value));
    }
  const auto lane_bytes = static_cast<std::size_t>(k.lane_bytes);
  for (std::size_t i = 0; i < out.accumulators.size() / lane_bytes; ++i) {
    const double value = random.normal();
    if (bytes)
      put(out.accumulators.data(), i, static_cast<std::int32_t>(random.next()));
    else if (halves)
      put(out.accumulators.data(), i, float_to_half(static_cast<float>(value)));
    else if (lane_bytes == 8)
      put(out.accumulators.data(), i, value);
    else
      put(out.accumulators.data(), i, static_cast<float>(value));
  }
  return out;
}

Status check_chain(const ArithmeticKernel& k, std::size_t register_bytes, int accumulators, int turns, const std::vector<unsigned char>& before,
                   const std::vector<unsigned char>& operands, const unsigned char* after) {
  const unsigned char* const given = operands.data();
  const Pair pairs[2] = {{given, given + k_operand_bytes}, {given + 2 * k_operand_bytes, given + 3 * k_operand_bytes}};
  const bool tiles = k.recipe == Recipe::tile_bytes || k.recipe == Recipe::tile_bf16;
  // A scalar kernel counts one lane but moves a whole register.
  const std::size_t lanes = register_bytes / static_cast<std::size_t>(k.lane_bytes);
  const std::size_t counted = k.register_bytes > 0 ? std::min(lanes, static_cast<std::size_t>(k.register_bytes / k.lane_bytes)) : lanes;
  for (int a = 0; a < accumulators; ++a)
    for (std::size_t lane = 0; lane < counted; ++lane) {
      const std::size_t offset = static_cast<std::size_t>(a) * register_bytes;
      const double want = tiles ? tile_after(k, a, lane / 16, lane % 16, turns, before.data() + offset, pairs)
                                : lane_after(k, lane, turns, before.data() + offset, pairs);
      const double got = lane_of(k, after + offset, lane);
      if (std::abs(got - want) <= slack_of(k, want)) continue;
      return Error{ErrorCode::malformed, std::string(k.name) + " computed " + std::to_string(got) + " where " + std::to_string(want) + " is right (accumulator " +
                                             std::to_string(a) + ", lane " + std::to_string(lane) + ")"};
    }
  return Done{};
}

}  // namespace hardscape::measuring
