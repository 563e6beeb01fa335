// The facts that every reader gathers, and the one place that turns them into layers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hardscape/model_shape.hpp"
#include "llm/architecture.hpp"

namespace hardscape::llm {

enum class BlockKind : char {
  transformer = 'T',
  attention = '*',
  recurrent = 'M',
  dense = '-',
  experts = 'E',
  empty = '0'
};

// More of anything in a file or configuration is nonsense.
inline constexpr std::int64_t k_most_of_anything = 1 << 30;

// Counts are 0 where a model has no such thing. Per-layer lists hold one entry for all layers, or one a layer.
struct ShapeFacts {
  std::string id, name;
  const Architecture* architecture = nullptr;
  int layers = 0;  // MTP layers included, at the end
  int mtp_layers = 0;
  bool mtp_tables = false;
  std::int64_t hidden = 0, vocabulary = 0, context = 0;
  std::vector<int> heads, kv_heads, ffn, expert_ffn;
  int key_dim = 0, value_dim = 0, key_dim_sliding = 0, value_dim_sliding = 0;
  int kv_heads_sliding = 0, heads_sliding = 0;  // 0: as in the list
  int window = 0;
  std::vector<bool> sliding;          // empty: by the architecture's pattern when there is a window
  std::vector<bool> recurrent_layer;  // empty: by the architecture's period
  std::vector<BlockKind> blocks;      // of architectures with one block a layer; empty otherwise
  WindowPattern pattern;              // used when `sliding` is empty
  int kv_layers_from_start = -1;      // later layers share; -1: none does
  int wide_ffn_in_shared_layers = 1;
  int experts = 0, experts_active = 0, shared_ffn = 0, latent_ffn = 0;
  int dense_first = 0, moe_step = 1;
  int latent_dim = 0, rope_dim = 0, query_rank = 0;
  std::vector<int> compression;  // tokens a compressed entry stands for, one a layer; 0: none
  int hash_layers = 0, output_groups = 0, output_rank = 0;
  RecurrentShape recurrent;
  int indexer_heads = 0, indexer_dim = 0, indexer_top_k = 0;
  std::vector<bool> indexer_layer;  // empty: all
  int per_layer_width = 0;
  bool values_from_keys = false, tied = false, rope_factors = false, query_key_norm = false, attention_bias = false;
  bool router_bias = true;
};

// Inner width of several shared experts together; more than an int holds becomes its largest, which build_shape() refuses.
int width_together(int experts, int one);

// Error names the fact that is missing or absurd.
Result<ModelShape> build_shape(const ShapeFacts& facts);

}  // namespace hardscape::llm
