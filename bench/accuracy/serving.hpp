// Serving predictions against published measurements (bench/accuracy/serving_measured.json); nothing is fitted to them.
#pragma once

#include <string>

#include "hardscape/catalogue.hpp"
#include "spreads.hpp"

namespace hardscape::accuracy {

// Factors on a predicted rate between which 8 of 10 of these rows lie.
SpreadRow serving_spread(const Catalogue& catalogue);

// The section of docs/accuracy.md.
std::string serving_report(const Catalogue& catalogue);

}  // namespace hardscape::accuracy
