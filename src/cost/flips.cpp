#include <algorithm>
#include <cmath>

#include "hardscape/cost_simulation.hpp"

namespace hardscape::cost {
namespace {

constexpr int k_steps = 200;        // from the mid to each end of the allowed range
constexpr int k_bisections = 60;

// Both ways from `from`, in even steps of the value or, where that spans decades, of its logarithm.
double step_to(double from, double end, int step) {
  const double share = static_cast<double>(step) / k_steps;
  if (from > 0 && end > from * 10) return from * std::pow(end / from, share);
  if (from > 0 && end < from) return from + (end - from) * share;
  return from + (end - from) * share;
}

}  // namespace

std::vector<Flip> find_flips(const Question& question) {
  std::vector<Flip> flips;
  if (!question.advantage) return flips;
  std::vector<double> values;
  for (const auto& input : question.inputs) values.push_back(input.mid);
  const auto wins = [&] { return question.advantage(values, question.of_outcome ? question.outcome(values) : 0) > 0; };
  const bool first_wins = wins();

  for (std::size_t i = 0; i < question.inputs.size(); ++i) {
    const Input& input = question.inputs[i];
    const auto& keys = question.flip_keys;
    if (!keys.empty() && std::find(keys.begin(), keys.end(), input.key) == keys.end()) continue;
    const InputRule* rule = find_rule(input.key);
    if (rule == nullptr) continue;
    const auto wins_at = [&](double value) {
      values[i] = value;
      return wins();
    };
    std::optional<Flip> nearest;
    for (const double end : {rule->least, rule->most}) {
      double same = input.mid;
      for (int step = 1; step <= k_steps; ++step) {
        double other = step_to(input.mid, end, step);
        if (wins_at(other) == first_wins) {
          same = other;
          continue;
        }
        for (int n = 0; n < k_bisections; ++n) {
          const double middle = same + (other - same) / 2;
          (wins_at(middle) == first_wins ? same : other) = middle;
        }
        if (!nearest || std::fabs(other - input.mid) < std::fabs(nearest->value - input.mid))
          nearest = Flip{input.key, other, other >= input.low && other <= input.high, (end > input.mid) != first_wins};
        break;
      }
    }
    values[i] = input.mid;
    if (nearest) flips.push_back(*nearest);
  }
  std::stable_sort(flips.begin(), flips.end(), [](const Flip& a, const Flip& b) { return a.in_range > b.in_range; });
  return flips;
}

}  // namespace hardscape::cost
