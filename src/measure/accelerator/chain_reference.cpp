#include "measure/accelerator/chain_reference.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace hardscape::measuring {

double chain_sum(ChainType type, std::uint64_t first, int width, int chains, std::uint64_t steps, bool zeros) {
  std::vector<double> lanes(static_cast<std::size_t>(width), 0.0);
  for (int chain = 0; chain < chains; ++chain) {
    for (int lane = 0; lane < width; ++lane) {
      const std::uint64_t k = first + static_cast<std::uint64_t>(chain) * static_cast<std::uint64_t>(width) + static_cast<std::uint64_t>(lane);
      const double end = zeros ? 0.0 : chain_after(type, chain_start(k), k_chain_constant, steps);
      double& sum = lanes[static_cast<std::size_t>(lane)];
      sum = chain == 0 ? end : rounded_to(type, sum + end);
    }
  }
  double total = lanes.front();
  for (std::size_t lane = 1; lane < lanes.size(); ++lane) total = rounded_to(type, total + lanes[lane]);
  return total;
}

std::uint32_t dot4_start(std::uint64_t k) { return static_cast<std::uint32_t>(k) * 0x9e3779b1u + 0x3c6ef372u; }

std::uint32_t dot4_sum(std::uint64_t first, int chains, std::uint64_t steps, std::uint32_t factor, bool zeros, bool saturated) {
  const auto byte = [](std::uint32_t word, int k) { return static_cast<std::int64_t>(static_cast<std::int8_t>((word >> (8 * k)) & 0xff)); };
  std::uint32_t all = 0;
  for (int chain = 0; chain < chains; ++chain) {
    std::uint32_t x = zeros ? 0 : dot4_start(first + static_cast<std::uint64_t>(chain));
    const std::uint32_t y = zeros ? 0 : factor;
    for (std::uint64_t i = 0; i < steps; ++i) {
      std::int64_t sum = static_cast<std::int32_t>(x);
      for (int k = 0; k < 4; ++k) sum += byte(x, k) * byte(y, k);
      if (saturated) {
        sum = std::clamp<std::int64_t>(sum, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
      }
      x = static_cast<std::uint32_t>(static_cast<std::uint64_t>(sum));
    }
    all ^= x;
  }
  return all;
}

std::uint8_t char_sum(std::uint64_t first, int lanes, std::uint64_t steps, int constant, bool zeros) {
  std::uint8_t all = 0;
  for (int lane = 0; lane < lanes; ++lane) {
    unsigned x = zeros ? 0 : static_cast<unsigned>((first + static_cast<std::uint64_t>(lane)) * 37 + 11) & 0xff;
    for (std::uint64_t i = 0; i < steps; ++i) x = (x * x + (zeros ? 0 : static_cast<unsigned>(constant))) & 0xff;
    all = static_cast<std::uint8_t>(all ^ x);
  }
  return all;
}

}  // namespace hardscape::measuring
