// Intervals as data: between which factors 8 of 10 measurements lay around the prediction.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sample.hpp"

namespace hardscape::accuracy {

inline constexpr double k_tail = 0.1;
inline constexpr double k_narrowest = 1.06;  // no interval is narrower than measurements repeat
inline constexpr double k_wanted = 0.815;    // share of measurements inside: the middle of 75 to 88 of 100
inline constexpr double k_least_widening = -0.1;
inline constexpr double k_most_widening = 2;
inline constexpr int k_halvings = 12;

struct SpreadRow {
  bool prefill = false;
  bool calibrated = false;
  std::string device_class;  // empty: any
  std::string backend;       // empty: any
  double low = 0;
  double high = 0;
  std::size_t count = 0;
};

// By how much the intervals of a phase and class are moved apart (in logarithms) to hold 8 of 10 measurements of devices that
// are in none of them: a class with few or unlike devices needs more than its residuals show.
using Widening = std::map<std::pair<bool, std::string>, double>;
Widening widening(const std::vector<Sample>& samples, int folds);

// From residuals of the samples for which `fold` differs; -1 takes all. The more special rows come first.
std::vector<SpreadRow> spreads(const std::vector<Sample>& samples, const Widening& widen, int without_fold = -1);
const SpreadRow* find_spread(const std::vector<SpreadRow>& rows, const Sample& sample, bool calibrated = false);
std::string spreads_as_json(const std::vector<SpreadRow>& rows, const SpreadRow& serving);

}  // namespace hardscape::accuracy
