// Intervals as data: between which factors 8 of 10 measurements lay around the prediction.
#pragma once

#include <string>
#include <vector>

#include "sample.hpp"

namespace hardscape::accuracy {

struct SpreadRow {
  bool prefill = false;
  bool calibrated = false;
  std::string device_class;  // empty: any
  std::string backend;       // empty: any
  double low = 0;
  double high = 0;
  std::size_t count = 0;
};

// From residuals of the samples for which `fold` differs; -1 takes all. The more special rows come first.
std::vector<SpreadRow> spreads(const std::vector<Sample>& samples, int without_fold = -1);
const SpreadRow* find_spread(const std::vector<SpreadRow>& rows, const Sample& sample, bool calibrated = false);
std::string spreads_as_json(const std::vector<SpreadRow>& rows);

}  // namespace hardscape::accuracy
