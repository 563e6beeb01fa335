// The tensors that a model file has, by role; names are made only when somebody asks for them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/model_shape.hpp"
#include "hardscape/result.hpp"

namespace hardscape::llm {

// What a quantiser tells apart (llama.cpp's tensor_category).
enum class Category {
  token_embedding,
  query,
  value,
  key,
  attention_output,
  ffn_up,
  ffn_gate,
  ffn_down,
  output,
  other,
};

// What reads it, for placement and speed.
enum class Reader {
  token_embedding,
  per_layer_embedding,
  output,
  attention,
  dense_ffn,
  experts,
  shared_experts,
  router,
  outside_layers,
};

struct TensorRole {
  std::string_view suffix;  // "attn_q.weight"
  Category category = Category::other;
  Reader reader = Reader::attention;
  bool quantised = true;  // false: stays as the converter wrote it, whatever the mix
  bool half = false;      // the converter writes it in 16 bits; else, if not quantised, in 32
  bool whole = false;     // whole numbers of 32 bits, a table
};

struct PlannedTensor {
  const TensorRole* role = nullptr;
  std::string_view suffix;   // of its own name; the role's unless several tensors share the role
  std::int16_t layer = -1;   // -1: outside the layers
  std::int64_t columns = 0;  // row length: what a block must divide
  std::int64_t rows = 1;
  std::int64_t matrices = 1;

  std::int64_t elements() const { return columns * rows * matrices; }
  std::string name() const;
};

// The role of a tensor by its full name in a file; a name that is not known is read as attention.
TensorRole role_of_name(std::string_view name);

// Layers of the same shape have the same tensors, so that a plan lists them once.
struct TensorPlan {
  std::vector<PlannedTensor> outside;             // the layers
  std::vector<std::vector<PlannedTensor>> kinds;  // of a layer of each shape; numbered as the first such layer
  std::vector<std::size_t> kind_of;               // one a layer

  // Outside first, then layer by layer.
  std::vector<PlannedTensor> in_file_order() const;
};

// Error when the shape does not say enough, with the reason.
Result<TensorPlan> plan_of(const ModelShape& shape);
// The same, every tensor in file order.
Result<std::vector<PlannedTensor>> plan_tensors(const ModelShape& shape);

}  // namespace hardscape::llm
