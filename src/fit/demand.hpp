// From a model's shape to what it asks of memory.
#pragma once

#include "hardscape/fit.hpp"
#include "hardscape/model_memory.hpp"

namespace hardscape {

WeightDemand demand_of(const ModelShape& shape, const ModelWeights& weights, const FitQuestion& question);
// `context` is of one request.
Result<StateDemand> demand_of(const ModelShape& shape, std::int64_t context, const FitQuestion& question);

}  // namespace hardscape
