// The report of docs/accuracy.md.
#pragma once

#include <string>
#include <vector>

#include "sample.hpp"
#include "spreads.hpp"

namespace hardscape::accuracy {

// `inside` says for each sample whether the measurement lay in an interval made without its fold.
std::string report(const Samples& samples, const std::vector<bool>& inside);

// Every row with what the model took it for and how far off it is.
std::string rows_as_csv(const Samples& samples, const std::vector<bool>& inside);

}  // namespace hardscape::accuracy
