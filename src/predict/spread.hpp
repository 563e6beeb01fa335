// How far measured speeds lie from predicted ones, from devices that the parameters were not fitted to.
#pragma once

#include "hardscape/predict.hpp"

namespace hardscape::predict {

enum class Phase { decode, prefill };

// Factors on the prediction between which 8 of 10 measurements lay.
struct Spread {
  double low = 0.5;
  double high = 2;
};

Spread spread_for(Phase phase, const ComputeDevice& device, const ModelWork& model, const Backend& backend,
                  const Split& split, const Calibration& calibration);

// Of engines that serve many requests: from published serving benchmarks, to which nothing else is fitted.
Spread serving_spread();

}  // namespace hardscape::predict
