// Engines that serve many requests have parameters of their own: published runs of them alone were made without captured graphs
// (data/backends/serving.json).
#pragma once

#include <optional>

#include "hardscape/predict.hpp"

namespace hardscape::predict {

// A device and a back end as a server runs them. The back end names no engine, so that it is not taken for one again.
struct Served {
  ComputeDevice device;
  Backend backend;
};
// Nothing for engines that are made for one user.
std::optional<Served> as_served(const ComputeDevice& device, const ModelWork& model, const Backend& backend);

}  // namespace hardscape::predict
