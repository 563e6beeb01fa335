// The time of one step, term by term, before anything is said about its uncertainty.
#pragma once

#include "hardscape/predict.hpp"

namespace hardscape::predict {

inline constexpr double k_element_bytes = 2;  // of activations, of the cache unless asked otherwise, of weights unpacked

// Seconds, by what they are spent on. The sum is the step.
struct Step {
  double weights = 0;      // reading and unpacking weights
  double cache = 0;        // reading keys, values and recurrent state
  double arithmetic = 0;   // products, where they outlast the reading
  double attention = 0;    // prefill: scores and their traffic
  double overhead = 0;     // launches, synchronisation, sampling
  double link = 0;         // between devices
  double host = 0;         // the part that runs in host memory
  double tokens = 1;       // that the step yields

  double total() const { return weights + cache + arithmetic + attention + overhead + link + host; }
};

Step decode_step(const ComputeDevice& device, const ModelWork& model, const Workload& work, const Backend& backend,
                 const Split& split, const Calibration& calibration);
Step prefill_step(const ComputeDevice& device, const ModelWork& model, const Workload& work, const Backend& backend,
                  const Split& split, const Calibration& calibration);

// Bytes of weights that one step of `batch` sequences reads.
double weight_bytes_read(const ModelWork& model, double batch);
// Bytes of keys, values and state that one sequence reads at this context.
double cache_bytes_read(const ModelWork& model, double context, double bytes_per_element);

}  // namespace hardscape::predict
