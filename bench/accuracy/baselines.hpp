// What others would have said of the same row.
#pragma once

#include <optional>

#include "sample.hpp"

namespace hardscape::accuracy {

// Bandwidth over the bytes of the weights that a token reads.
std::optional<double> bandwidth_rule(const Sample& sample);
// llmfit 1.1.10's published formula: one efficiency, nominal bytes per weight, no context, no prefill.
std::optional<double> llmfit_formula(const Sample& sample);
// The guide's reference table, where it has the row's hardware and size class at 4 bits.
std::optional<double> guide_table(const Sample& sample);

}  // namespace hardscape::accuracy
