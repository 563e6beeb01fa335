// `bench --synthetic MODEL[:QUANT]`: a model of the catalogue with random weights, whole or from two shorter versions.
#pragma once

#include <string>

#include "cli/invocation.hpp"
#include "hardscape/bench.hpp"
#include "hardscape/synthetic.hpp"

namespace hardscape::cli {

struct SyntheticWish {
  std::string model;         // "llama-3.1-8b:Q4_K_M"
  int fill = 1;              // which filling of the weights
  bool extrapolate = false;  // also where the whole model would fit
};

// Makes the files that are needed unless they are in the cache, and runs them. What is too large for this machine is
// extrapolated from two shorter versions, and report.extrapolation says so.
Result<BenchReport> run_synthetic(const Invocation& call, const Host& host, const SyntheticWish& wish, BenchOptions options,
                                  const BenchProgress& progress, const StopRequested& stop);

}  // namespace hardscape::cli
