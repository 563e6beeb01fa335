// Where an engine does not use what the device has: data/backends/slow_paths.json.
#pragma once

#include <string_view>

#include "hardscape/predict_backend.hpp"

namespace hardscape::predict {

struct SlowPath {
  bool matrix_units = true;      // products run on them
  double products_share = 0;     // of the matrix rate that products reach, all in all; 0: as the back end's parameters say
  double products_slower = 1;    // times as long as today's kernels
  bool matrix_attention = true;
};

// What holds for these weights on a device of this architecture (may be null), in the builds of `backend.built`.
SlowPath slow_path(const Backend& backend, const Architecture* architecture, std::string_view quant);

}  // namespace hardscape::predict
