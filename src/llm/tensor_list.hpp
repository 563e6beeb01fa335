// Collects tensors in file order, a block of a layer at a time.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "llm/architecture.hpp"
#include "llm/tensor_plan.hpp"

namespace hardscape::llm {

struct TensorList {
  std::vector<PlannedTensor> tensors;
  std::int16_t layer = -1;

  // Nothing where a dimension is 0.
  void add(const TensorRole& role, std::int64_t columns, std::int64_t rows = 1, std::int64_t matrices = 1) {
    add_named(role, role.suffix, columns, rows, matrices);
  }
  // Tensors that share a role and differ in name.
  void add_named(const TensorRole& role, std::string_view suffix, std::int64_t columns, std::int64_t rows = 1,
                 std::int64_t matrices = 1) {
    if (columns > 0 && rows > 0 && matrices > 0) tensors.push_back({&role, suffix, layer, columns, rows, matrices});
  }
};

void list_attention(TensorList& list, const ModelShape& shape, const Architecture& arch, const AttentionShape& a);
void list_recurrent(TensorList& list, const ModelShape& shape, const Architecture& arch, const RecurrentShape& r);
void list_feed_forward(TensorList& list, const ModelShape& shape, const Architecture& arch, const FeedForwardShape& f);

}  // namespace hardscape::llm
