#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <utility>

#include "cost/random.hpp"
#include "hardscape/cost_simulation.hpp"

namespace hardscape::cost {
namespace {

constexpr int k_least_draws = 100;
constexpr int k_most_draws = 5'000'000;

// A double's bits as a number of the same order: what is negative counts down.
std::uint64_t in_order(double value) {
  constexpr std::uint64_t k_sign = std::uint64_t{1} << 63;
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);  // one zero only
  return (bits & k_sign) != 0 ? ~bits : bits | k_sign;
}

// Values with their places, ascending. Sorted by digits of eleven bits: comparing costs a wrong guess each, ten times as
// long for the ten thousand draws of a plain question.
std::vector<std::pair<std::uint64_t, std::uint32_t>> ascending(const std::vector<double>& values) {
  constexpr int k_digit_bits = 11;
  constexpr std::size_t k_digits = std::size_t{1} << k_digit_bits;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order(values.size()), next(values.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = {in_order(values[i]), i};
  for (int shift = 0; shift < 64; shift += k_digit_bits) {
    std::array<std::uint32_t, k_digits> starts{};
    const auto digit = [&](std::uint64_t key) { return static_cast<std::size_t>(key >> shift) & (k_digits - 1); };
    for (const auto& one : order) ++starts[digit(one.first)];
    if (!order.empty() && starts[digit(order.front().first)] == order.size()) continue;  // all alike in this digit
    std::uint32_t sum = 0;
    for (auto& start : starts) sum += std::exchange(start, sum);
    for (const auto& one : order) next[starts[digit(one.first)]++] = one;
    order.swap(next);
  }
  return order;
}

// Ranks from 0, equal values sharing their mean rank (an outcome may be infinite many times).
std::vector<float> ranks_of(const std::vector<double>& values) {
  const auto order = ascending(values);
  std::vector<float> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first + 1;
    while (last < order.size() && order[first].first == order[last].first) ++last;
    const auto rank = static_cast<float>(static_cast<double>(first + last - 1) / 2);
    for (std::size_t i = first; i < last; ++i) ranks[order[i].second] = rank;
    first = last;
  }
  return ranks;
}

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
  const double mean = (static_cast<double>(a.size()) - 1) / 2;
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = static_cast<double>(a[i]) - mean, y = static_cast<double>(b[i]) - mean;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

// Linear between draws, as spreadsheets do; infinities do not interpolate.
double percentile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  if (!std::isfinite(sorted[low]) || !std::isfinite(sorted[high])) return sorted[low];
  return sorted[low] + (sorted[high] - sorted[low]) * (place - static_cast<double>(low));
}

}  // namespace

double quantile(const Input& input, double u) {
  const double width = input.high - input.low;
  switch (input.spread) {
    case Spread::fixed: return input.mid;
    case Spread::uniform: return input.low + u * width;
    case Spread::whole: return input.low + std::floor(u * (width + 1));
    case Spread::triangular: {
      const double left = input.mid - input.low;
      return u * width < left ? input.low + std::sqrt(u * width * left)
                              : input.high - std::sqrt((1 - u) * width * (input.high - input.mid));
    }
  }
  return input.mid;
}

double share_at_most(const Exploration& exploration, double limit) {
  const auto& all = exploration.sorted_outcomes;
  if (all.empty()) return 0;
  const auto end = std::upper_bound(all.begin(), all.end(), limit);
  return static_cast<double>(end - all.begin()) / static_cast<double>(all.size());
}

Result<Exploration> explore(const Question& question, const SimulationOptions& options) {
  if (options.draws < k_least_draws || options.draws > k_most_draws)
    return Error{ErrorCode::invalid_argument, fmt::format("--draws: {} is out of bounds; allowed is {} to {}", options.draws,
                                                          k_least_draws, k_most_draws)};
  for (const auto& input : question.inputs)
    if (auto status = check_input(input); !status) return status.error();

  const auto draws = static_cast<std::size_t>(options.draws);
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < question.inputs.size(); ++i)
    if (question.inputs[i].spread != Spread::fixed) free.push_back(i);
  std::vector<std::vector<double>> drawn(free.size(), std::vector<double>(draws));
  std::vector<double> values, outcomes(draws);
  for (const auto& input : question.inputs) values.push_back(input.mid);

  Random random(options.seed);
  std::size_t wins = 0;
  for (std::size_t n = 0; n < draws; ++n) {
    for (std::size_t f = 0; f < free.size(); ++f)
      drawn[f][n] = values[free[f]] = quantile(question.inputs[free[f]], random.unit());
    outcomes[n] = question.outcome(values);
    if (question.advantage && question.advantage(values) > 0) ++wins;
  }

  Exploration found;
  found.draws = options.draws;
  found.seed = options.seed;
  if (question.advantage) found.first_wins = static_cast<double>(wins) / static_cast<double>(draws);
  const auto outcome_ranks = ranks_of(outcomes);
  for (std::size_t f = 0; f < free.size(); ++f)
    found.influences.push_back({question.inputs[free[f]].key, correlation(ranks_of(drawn[f]), outcome_ranks)});
  std::stable_sort(found.influences.begin(), found.influences.end(), [](const Influence& a, const Influence& b) {
    return std::fabs(a.rank_correlation) > std::fabs(b.rank_correlation);
  });
  std::sort(outcomes.begin(), outcomes.end());
  found.p10 = percentile(outcomes, 0.1);
  found.p50 = percentile(outcomes, 0.5);
  found.p90 = percentile(outcomes, 0.9);
  found.sorted_outcomes = std::move(outcomes);
  return found;
}

}  // namespace hardscape::cost
