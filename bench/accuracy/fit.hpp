// Maximum-a-posteriori fit of the back ends' and architectures' parameters to published measurements.
//
// Each parameter is held by a prior (table in fit.cpp) and by physics (efficiencies at most 1, times positive). The
// parameters live in the library's tables, so that what is fitted is the very code that predicts.
#pragma once

#include <functional>
#include <vector>

#include "sample.hpp"

namespace hardscape::accuracy {

// Starts from the priors; uses the samples for which `use` holds.
void fit(std::vector<Sample>& samples, const std::function<bool(const Sample&)>& use);

// The tables as data/backends/parameters.json.
std::string parameters_as_json(const std::vector<Sample>& samples);

}  // namespace hardscape::accuracy
