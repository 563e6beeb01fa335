// How sure an answer is: Monte-Carlo over the inputs' ranges, which input matters, where the answer flips.
//
// The random numbers are the engine's own (xoshiro256**, inverse transforms with sqrt only), so a seed gives the same
// draws on every platform.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hardscape/cost.hpp"

namespace hardscape::cost {

// A number worked out of the inputs' values; asked from two threads at once.
using Figure = std::function<double(std::span<const double> values)>;
// The same, beside the outcome of these values, which it often starts from.
using Advantage = std::function<double(std::span<const double> values, double outcome)>;

// A question over inputs. `values` stand in the order of `inputs`.
struct Question {
  std::vector<Input> inputs;
  // The number asked for (hours to break even, dollars); +infinity means never.
  Figure outcome;
  // Above 0 the first side wins (own, A, this device); empty when there are no sides. Never reads the outcome when
  // `of_outcome` is off, so that it need not be worked out.
  Advantage advantage;
  bool of_outcome = false;
  // The inputs a user decides on or cannot know in advance; flips are looked for in these, all when empty.
  std::vector<std::string> flip_keys;
};

struct SimulationOptions {
  int draws = 10000;        // 100 .. 5,000,000
  std::uint64_t seed = 1;
};

struct Influence {
  std::string input;
  double rank_correlation = 0;   // Spearman's, of the input with the outcome
};

// The value of one input, all others at their mid, at which the answer changes; the one nearest to its mid.
struct Flip {
  std::string input;
  double value = 0;
  bool in_range = false;         // between the input's own low and high
  bool first_wins_above = false; // on which side of the value the first side wins
};

struct Exploration {
  int draws = 0;
  std::uint64_t seed = 0;
  double p10 = 0, p50 = 0, p90 = 0;              // of the outcome; may be infinite
  std::optional<double> first_wins;              // share of draws, 0..1
  std::vector<Influence> influences;             // strongest first; fixed inputs are left out
  std::vector<double> sorted_outcomes;           // all draws, ascending
};

// Share of the draws with an outcome at or below `limit`.
double share_at_most(const Exploration& exploration, double limit);

// Errors: draws outside their range, inputs that fail check_input. No inputs with a range: every draw is the same.
Result<Exploration> explore(const Question& question, const SimulationOptions& options = {});
// Several outcomes of the same draws, one exploration each; the question's own outcome is not asked.
Result<std::vector<Exploration>> explore_each(const Question& question, std::span<const Figure> outcomes,
                                              const SimulationOptions& options = {});
std::vector<Flip> find_flips(const Question& question);

}  // namespace hardscape::cost
