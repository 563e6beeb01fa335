// Does a model fit on equal devices that work on every token together (tensor parallel, as vLLM and TensorRT-LLM do)?
//
// Each device holds its part of every matrix and of the cache within the share of its memory that the engine takes.
// Pure; thread-safe. Rules and sources: docs/models.md, section Fit.
#pragma once

#include <cstdint>

#include "hardscape/model_memory.hpp"
#include "hardscape/model_shape.hpp"
#include "hardscape/result.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

// On each of the devices.
struct TensorSplit {
  int devices = 1;
  Bytes weights{0};
  Bytes cache{0};       // keys, values and recurrent state of all requests
  Bytes activation{0};  // what computing takes at its peak
  Bytes runtime{0};     // what driver and collectives take beside it
  Bytes room{0};        // for the cache

  bool fits() const { return cache <= room; }
};

// `memory` is what one device has for a model and its runtime; `context` tokens of each of `parallel` requests.
// Errors: heads or matrices that so many devices cannot share; a shape without a rule for its cache.
Result<TensorSplit> tensor_split(const ModelShape& shape, const ModelWeights& weights, Bytes memory, int devices,
                                 std::int64_t context, int parallel);

}  // namespace hardscape
