// What a layout tells of a model's work: bytes, tensor by tensor, and how attention grows.
#pragma once

#include "hardscape/model_memory.hpp"
#include "hardscape/predict.hpp"

namespace hardscape::predict {

// Bytes, tensor by tensor: of weights unless said otherwise.
struct Layout {
  double total = 0;
  double read = 0;     // for one token
  double experts = 0;  // all of them
  double state = 0;    // recurrent, of one sequence
};
Layout layout_of(const ModelShape& shape, const ModelWeights& weights);

// What attention costs where counts of layers do not tell it (caches of compressed entries): from the shape, by how it
// grows between two contexts that are longer than any window or selection. The widths and the window are known already.
void learn_attention(ModelWork& work, const ModelShape& shape, const ModelWeights& weights);

}  // namespace hardscape::predict
