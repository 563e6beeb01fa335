// Serving predictions against published measurements (bench/accuracy/serving_measured.json); nothing is fitted to them.
#pragma once

#include <string>

#include "hardscape/catalogue.hpp"

namespace hardscape::accuracy {

// The section of docs/accuracy.md.
std::string serving_report(const Catalogue& catalogue);

}  // namespace hardscape::accuracy
