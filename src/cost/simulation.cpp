#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstdint>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

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

// Orders values and ranks them; its buffers serve all inputs of a question.
class Ranking {
 public:
  explicit Ranking(std::size_t size) : bucket_of_(size), ends_(size + 1), order_(size) {}

  // Ranks from 0, equal values sharing their mean rank (an outcome may be infinite many times).
  std::vector<float> ranks_of(const std::vector<double>& values) {
    sort(values);
    std::vector<float> ranks(values.size());
    for (std::size_t first = 0; first < order_.size();) {
      std::size_t last = first + 1;
      while (last < order_.size() && order_[first].key == order_[last].key) ++last;
      const auto rank = static_cast<float>(static_cast<double>(first + last - 1) / 2);
      for (std::size_t i = first; i < last; ++i) ranks[order_[i].place] = rank;
      first = last;
    }
    return ranks;
  }

  // Place of the n-th smallest of the values ranked last.
  std::size_t place(std::size_t n) const { return order_[n].place; }

 private:
  struct Placed {
    std::uint64_t key;
    std::uint32_t place;
  };

  // Spread over as many buckets as there are values, in which few are left to compare: comparing costs a wrong guess
  // each, ten times as long for the ten thousand draws of a plain question.
  void sort(const std::vector<double>& values) {
    double least = HUGE_VAL, most = -HUGE_VAL;
    for (const double value : values) {
      if (!std::isfinite(value)) continue;
      least = std::min(least, value);
      most = std::max(most, value);
    }
    const std::size_t last = values.size() - 1;
    const double per_bucket = most > least ? static_cast<double>(last) / (most - least) : 0;
    std::fill(ends_.begin(), ends_.end(), 0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double at = (values[i] - least) * per_bucket;
      const std::size_t bucket = at >= static_cast<double>(last) || values[i] == HUGE_VAL ? last : at > 0 ? static_cast<std::size_t>(at) : 0;
      bucket_of_[i] = static_cast<std::uint32_t>(bucket);
      ++ends_[bucket + 1];
    }
    for (std::size_t bucket = 1; bucket < ends_.size(); ++bucket) ends_[bucket] += ends_[bucket - 1];
    for (std::uint32_t i = 0; i < values.size(); ++i) order_[ends_[bucket_of_[i]]++] = {in_order(values[i]), i};
    Placed* begin = order_.data();
    for (std::size_t bucket = 0; bucket <= last; ++bucket) {
      Placed* const end = order_.data() + ends_[bucket];
      if (end - begin > 1) std::sort(begin, end, [](const Placed& a, const Placed& b) { return a.key < b.key; });
      begin = end;
    }
  }

  std::vector<std::uint32_t> bucket_of_;
  std::vector<std::uint32_t> ends_;   // of each bucket in order_, once it is filled
  std::vector<Placed> order_;
};

// Of ranks with their mean; sums of halves, exact in a double below 300,000 draws, whatever their order.
double sum_of_products(const std::vector<float>& a, const std::vector<float>& b) {
  constexpr std::size_t k_lanes = 4;
  const double mean = (static_cast<double>(a.size()) - 1) / 2;
  std::array<double, k_lanes> sums{};
  std::size_t i = 0;
  for (; i + k_lanes <= a.size(); i += k_lanes)
    for (std::size_t lane = 0; lane < k_lanes; ++lane)
      sums[lane] += (static_cast<double>(a[i + lane]) - mean) * (static_cast<double>(b[i + lane]) - mean);
  for (; i < a.size(); ++i) sums[0] += (static_cast<double>(a[i]) - mean) * (static_cast<double>(b[i]) - mean);
  return sums[0] + sums[1] + (sums[2] + sums[3]);
}

// Does `work(begin, end)` over 0 .. count, the upper half in a thread of its own where the machine has two processors.
template <class Work>
void in_halves(std::size_t count, const Work& work) {
  if (count < 2 || std::thread::hardware_concurrency() < 2) return work(std::size_t{0}, count);
  std::thread other;
  std::size_t middle = count;
  try {
    other = std::thread([&work, count] { work(count / 2, count); });
    middle = count / 2;
  } catch (const std::system_error&) {   // no thread to be had: all of it here
  }
  work(std::size_t{0}, middle);
  if (other.joinable()) other.join();
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

Result<std::vector<Exploration>> explore_each(const Question& question, std::span<const Figure> outcomes,
                                              const SimulationOptions& options) {
  if (options.draws < k_least_draws || options.draws > k_most_draws)
    return Error{ErrorCode::invalid_argument, fmt::format("--draws: {} is out of bounds; allowed is {} to {}", options.draws,
                                                          k_least_draws, k_most_draws)};
  for (const auto& input : question.inputs)
    if (auto status = check_input(input); !status) return status.error();

  const auto draws = static_cast<std::size_t>(options.draws);
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < question.inputs.size(); ++i)
    if (question.inputs[i].spread != Spread::fixed) free.push_back(i);
  std::vector<std::vector<double>> drawn(free.size(), std::vector<double>(draws)), found(outcomes.size(), std::vector<double>(draws));

  Random random(options.seed);
  for (std::size_t n = 0; n < draws; ++n)
    for (auto& column : drawn) column[n] = random.unit();
  std::vector<std::vector<float>> ranks(free.size());
  std::vector<double> squares(free.size());
  in_halves(free.size(), [&](std::size_t begin, std::size_t end) {
    Ranking ranking(draws);
    for (std::size_t f = begin; f < end; ++f) {
      for (double& value : drawn[f]) value = quantile(question.inputs[free[f]], value);
      ranks[f] = ranking.ranks_of(drawn[f]);
      squares[f] = sum_of_products(ranks[f], ranks[f]);
    }
  });
  std::vector<double> mids;
  for (const auto& input : question.inputs) mids.push_back(input.mid);
  std::atomic<std::size_t> wins = 0;
  in_halves(draws, [&](std::size_t begin, std::size_t end) {
    std::vector<double> values = mids;
    std::size_t won = 0;
    for (std::size_t n = begin; n < end; ++n) {
      for (std::size_t f = 0; f < free.size(); ++f) values[free[f]] = drawn[f][n];
      for (std::size_t o = 0; o < outcomes.size(); ++o) found[o][n] = outcomes[o](values);
      if (question.advantage && question.advantage(values, found.front()[n]) > 0) ++won;
    }
    wins += won;
  });

  Ranking ranking(draws);
  std::vector<Exploration> explorations;
  for (const auto& outcome : found) {
    Exploration told;
    told.draws = options.draws;
    told.seed = options.seed;
    if (question.advantage) told.first_wins = static_cast<double>(wins.load()) / static_cast<double>(draws);
    const auto outcome_ranks = ranking.ranks_of(outcome);
    const double outcome_squares = sum_of_products(outcome_ranks, outcome_ranks);
    for (std::size_t f = 0; f < free.size(); ++f) {
      const double both = squares[f] * outcome_squares;
      told.influences.push_back({question.inputs[free[f]].key, both > 0 ? sum_of_products(ranks[f], outcome_ranks) / std::sqrt(both) : 0});
    }
    std::stable_sort(told.influences.begin(), told.influences.end(), [](const Influence& a, const Influence& b) {
      return std::fabs(a.rank_correlation) > std::fabs(b.rank_correlation);
    });
    told.sorted_outcomes.resize(draws);
    for (std::size_t n = 0; n < draws; ++n) told.sorted_outcomes[n] = outcome[ranking.place(n)];
    told.p10 = percentile(told.sorted_outcomes, 0.1);
    told.p50 = percentile(told.sorted_outcomes, 0.5);
    told.p90 = percentile(told.sorted_outcomes, 0.9);
    explorations.push_back(std::move(told));
  }
  return explorations;
}

Result<Exploration> explore(const Question& question, const SimulationOptions& options) {
  auto explored = explore_each(question, std::span(&question.outcome, 1), options);
  if (!explored) return std::move(explored).error();
  return std::move(explored->front());
}

}  // namespace hardscape::cost
