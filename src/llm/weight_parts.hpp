// Where the bytes of a tensor are counted, by what reads it.
#pragma once

#include <algorithm>

#include "hardscape/model_memory.hpp"
#include "llm/tensor_plan.hpp"

namespace hardscape::llm {

inline Bytes& part_of(LayerWeights& layer, Reader reader) {
  switch (reader) {
    case Reader::dense_ffn:
      return layer.dense_ffn;
    case Reader::experts:
      return layer.experts;
    case Reader::shared_experts:
      return layer.shared_experts;
    case Reader::router:
      return layer.router;
    default:
      return layer.attention;
  }
}

inline void count(LayerWeights& layer, Reader reader, Bytes bytes) {
  part_of(layer, reader) += bytes;
  if (reader == Reader::experts) layer.largest_experts = std::max(layer.largest_experts, bytes);
}

// Outside the layers.
inline Bytes& part_of(ModelWeights& weights, Reader reader) {
  switch (reader) {
    case Reader::token_embedding:
      return weights.token_embedding;
    case Reader::per_layer_embedding:
      return weights.per_layer_embedding;
    case Reader::output:
      return weights.output;
    default:
      return weights.other;
  }
}

inline Bytes bytes_in(const NumberFormat& format, const PlannedTensor& t) {
  return Bytes{format.row_bytes(t.columns) * t.rows * t.matrices};
}

}  // namespace hardscape::llm
