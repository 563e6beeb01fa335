#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "llm/shape_facts.hpp"

namespace hardscape::llm {
namespace {

// Far above anything that exists; keeps products of three of them within 64 bits.
constexpr std::int64_t k_most_width = 1 << 20;
constexpr std::int64_t k_most_vocabulary = 1 << 24;
constexpr int k_most_layers = 4096;
constexpr int k_most_experts = 1 << 16;
constexpr int k_most_active_experts = 1024;  // each is a step of its own in the graph

int at(const std::vector<int>& list, std::size_t layer) {
  if (list.empty()) return 0;
  return layer < list.size() ? list[layer] : list.size() == 1 ? list.front() : 0;
}

Error absurd(const ShapeFacts& f, std::string_view what, std::int64_t value, std::int64_t most) {
  return {ErrorCode::malformed, fmt::format("{}: {} is {}, expected 0 to {}", f.id, what, value, most)};
}

std::optional<Error> check(const ShapeFacts& f) {
  if (f.layers <= 0 || f.layers > k_most_layers) return absurd(f, "the number of layers", f.layers, k_most_layers);
  if (f.mtp_layers < 0 || f.mtp_layers > f.layers) return absurd(f, "the number of MTP layers", f.mtp_layers, f.layers);
  struct Limit {
    const char* what;
    std::int64_t value;
    std::int64_t most;
  };
  const Limit limits[] = {
      {"the model's width", f.hidden, k_most_width},
      {"the vocabulary", f.vocabulary, k_most_vocabulary},
      {"the key width", f.key_dim, k_most_width},
      {"the value width", f.value_dim, k_most_width},
      {"the key width of sliding layers", f.key_dim_sliding, k_most_width},
      {"the value width of sliding layers", f.value_dim_sliding, k_most_width},
      {"the sliding window", f.window, std::int64_t{1} << 30},
      {"the number of experts", f.experts, k_most_experts},
      {"the number of active experts", f.experts_active, std::min(f.experts, k_most_active_experts)},
      {"the width of shared experts", f.shared_ffn, k_most_width},
      {"the latent width", f.latent_dim, k_most_width},
      {"the rotary width", f.rope_dim, k_most_width},
      {"the query rank", f.query_rank, k_most_width},
      {"the output's rank", f.output_rank, k_most_width},
      {"the output's groups", f.output_groups, k_most_width},
      {"the recurrent state's width", f.recurrent.state_dim, k_most_width},
      {"the recurrent inner width", f.recurrent.inner, k_most_width},
      {"the convolution's channels", f.recurrent.conv_channels, 4 * k_most_width},
      {"the convolution's kernel", f.recurrent.conv_kernel, 1024},
      {"the indexer's width", f.indexer_dim, k_most_width},
      {"the indexer's heads", f.indexer_heads, k_most_experts},
      {"the per-layer embedding's width", f.per_layer_width, k_most_width},
  };
  for (const Limit& l : limits) {
    if (l.value < 0 || l.value > l.most) return absurd(f, l.what, l.value, l.most);
  }
  if (f.experts > 0 && f.experts_active == 0)
    return Error{ErrorCode::malformed, fmt::format("{}: it has {} experts and does not say how many of them a token uses", f.id, f.experts)};
  if (f.architecture->compressed && f.compression.size() < static_cast<std::size_t>(f.layers))
    return Error{ErrorCode::malformed, fmt::format("{}: it says of {} layers how far they compress their cache, and has {}", f.id, f.compression.size(), f.layers)};
  for (const int ratio : f.compression) {
    if (ratio != 0 && ratio != 4 && ratio != 128)
      return Error{ErrorCode::unsupported, fmt::format("{}: a cache compressed {} to 1 is not known; 4 and 128 are", f.id, ratio)};
  }
  for (const std::vector<int>* list : {&f.heads, &f.kv_heads, &f.ffn, &f.expert_ffn}) {
    for (const int v : *list) {
      if (v < 0 || v > k_most_width) return absurd(f, "a head count or feed-forward width", v, k_most_width);
    }
  }
  return std::nullopt;
}

bool is_sliding(const ShapeFacts& f, std::size_t layer) {
  if (f.window <= 0) return false;
  if (!f.sliding.empty()) return layer < f.sliding.size() && f.sliding[layer];
  const auto period = static_cast<std::size_t>(f.pattern.period);
  if (period == 0) return true;
  return f.pattern.full_first ? layer % period != 0 : layer % period != period - 1;
}

bool is_recurrent(const ShapeFacts& f, std::size_t layer) {
  if (!f.architecture->recurrent) return false;
  if (f.architecture->recurrent_beside_attention) return true;
  if (!f.blocks.empty()) return layer < f.blocks.size() && f.blocks[layer] == BlockKind::recurrent;
  if (!f.recurrent_layer.empty()) return layer < f.recurrent_layer.size() && f.recurrent_layer[layer];
  const auto period = static_cast<std::size_t>(f.architecture->recurrent_period);
  return period > 0 && (layer + 1) % period != 0;
}

AttentionShape attention_of(const ShapeFacts& f, std::size_t layer) {
  AttentionShape a;
  a.heads = at(f.heads, layer);
  if (f.latent_dim > 0) {
    a.kind = AttentionKind::latent;
    a.kv_heads = 1;
    a.key_dim = f.key_dim;
    a.value_dim = f.value_dim;
    a.latent_dim = f.latent_dim;
    a.rope_dim = f.rope_dim;
    a.query_rank = f.query_rank;
  } else {
    a.kv_heads = at(f.kv_heads, layer);
    a.key_dim = f.key_dim;
    a.value_dim = f.value_dim;
    a.values_from_keys = f.values_from_keys;
    if (is_sliding(f, layer)) {
      a.kind = AttentionKind::sliding;
      a.window = f.window;
      a.values_from_keys = false;
      if (f.key_dim_sliding > 0) a.key_dim = f.key_dim_sliding;
      if (f.value_dim_sliding > 0) a.value_dim = f.value_dim_sliding;
      if (f.kv_heads_sliding > 0) a.kv_heads = f.kv_heads_sliding;
      if (f.heads_sliding > 0) a.heads = f.heads_sliding;
    }
  }
  if (f.architecture->compressed) {
    a.keys_are_values = true;
    a.rope_dim = f.rope_dim;
    a.query_rank = f.query_rank;
    a.output_groups = f.output_groups;
    a.output_rank = f.output_rank;
    a.compression = at(f.compression, layer);
    if (a.compression == 4) {
      a.indexer_dim = f.indexer_dim;
      a.indexer_heads = f.indexer_heads;
      a.attended_most = f.indexer_top_k;
    }
    return a;
  }
  if (f.kv_layers_from_start >= 0 && layer >= static_cast<std::size_t>(f.kv_layers_from_start)) {
    a.shares_kv_of = std::max(0, f.kv_layers_from_start - (a.kind == AttentionKind::sliding ? 2 : 1));
  }
  const bool indexed = f.architecture->indexer ||
                       (f.architecture->sparse_indexer_after_dense && layer >= static_cast<std::size_t>(f.dense_first));
  if (indexed && f.indexer_dim > 0) {
    a.attended_most = f.indexer_top_k;
    if (f.indexer_layer.empty() || (layer < f.indexer_layer.size() && f.indexer_layer[layer])) {
      a.indexer_dim = f.indexer_dim;
      a.indexer_heads = f.indexer_heads;
    }
  }
  return a;
}

FeedForwardShape feed_forward_of(const ShapeFacts& f, std::size_t layer) {
  FeedForwardShape ff;
  const int dense = at(f.ffn, layer);
  const bool moe_here = f.experts > 0 && layer >= static_cast<std::size_t>(f.dense_first) &&
                        (f.moe_step <= 1 || (layer + 1) % static_cast<std::size_t>(f.moe_step) == 0);
  if (moe_here) {
    ff.experts = f.experts;
    ff.experts_active = f.experts_active;
    ff.expert = at(f.expert_ffn, layer);
    if (ff.expert == 0) ff.expert = dense;
    ff.shared = f.shared_ffn;
    ff.latent = f.latent_ffn;
    ff.routed_by_token = layer < static_cast<std::size_t>(std::max(0, f.hash_layers));
    // Gemma 4 runs a dense network beside its experts.
    if (f.architecture->id == "gemma4") ff.dense = dense;
  } else {
    ff.dense = dense;
    if (f.kv_layers_from_start >= 0 && layer >= static_cast<std::size_t>(f.kv_layers_from_start)) {
      ff.dense *= f.wide_ffn_in_shared_layers;
    }
  }
  return ff;
}

std::string describe(const ModelShape& shape) {
  bool full = false, sliding = false, latent = false, sparse = false, compressed = false;
  std::optional<RecurrentKind> recurrent;
  int heads = 0, kv_heads = 0;
  for (const LayerShape& layer : shape.layers) {
    if (layer.recurrent) recurrent = layer.recurrent->kind;
    if (!layer.attention) continue;
    full |= layer.attention->kind == AttentionKind::full;
    sliding |= layer.attention->kind == AttentionKind::sliding;
    latent |= layer.attention->kind == AttentionKind::latent;
    sparse |= layer.attention->indexer_dim > 0;
    compressed |= layer.attention->compression > 0;
    heads = layer.attention->heads;
    kv_heads = layer.attention->kv_heads;
  }
  std::string text;
  if (latent) {
    text = "MLA";
  } else if (full || sliding) {
    text = kv_heads == 1 ? "MQA" : kv_heads < heads ? "GQA" : "MHA";
  }
  if (sliding) text += full ? "+SWA" : " SWA";
  if (compressed) text += "+compressed";
  if (sparse) text += " sparse";
  if (recurrent) text += (text.empty() ? "" : "+") + std::string(to_string(*recurrent));
  return text;
}

}  // namespace

int width_together(int experts, int one) {
  return static_cast<int>(std::clamp<std::int64_t>(std::int64_t{experts} * one, 0, std::numeric_limits<int>::max()));
}

Result<ModelShape> build_shape(const ShapeFacts& facts) {
  if (facts.architecture == nullptr) return Error{ErrorCode::unsupported, facts.id + ": no architecture is given"};
  if (!facts.architecture->unsupported.empty()) {
    return Error{ErrorCode::unsupported, fmt::format("{}: architecture {} is not supported: {}", facts.id,
                                                     facts.architecture->id, facts.architecture->unsupported)};
  }
  if (auto error = check(facts)) return std::move(*error);

  ModelShape shape;
  shape.id = facts.id;
  shape.name = facts.name;
  shape.architecture = facts.architecture->id;
  shape.hidden = static_cast<int>(facts.hidden);
  shape.vocabulary = static_cast<int>(facts.vocabulary);
  shape.context_max = facts.context;
  shape.tied_embeddings = facts.tied;
  shape.rope_factors = facts.rope_factors;
  shape.query_key_norm = facts.query_key_norm;
  shape.attention_bias = facts.attention_bias;
  shape.per_layer_embedding = facts.per_layer_width;
  shape.weights_unknown = facts.architecture->weights_unsupported;

  bool caches = false;
  for (std::size_t i = 0; i < static_cast<std::size_t>(facts.layers); ++i) {
    LayerShape layer;
    layer.mtp = i >= static_cast<std::size_t>(facts.layers - facts.mtp_layers);
    layer.mtp_tables = layer.mtp && facts.mtp_tables;
    const bool recurrent = is_recurrent(facts, i) && !layer.mtp;
    const BlockKind block = i < facts.blocks.size() ? facts.blocks[i] : BlockKind::transformer;
    if (recurrent) layer.recurrent = facts.recurrent;
    if ((!recurrent || facts.architecture->recurrent_beside_attention) &&
        (block == BlockKind::transformer || block == BlockKind::attention)) {
      layer.attention = attention_of(facts, i);
      if (layer.attention->key_width() == 0) layer.attention.reset();
    }
    if (block == BlockKind::transformer || block == BlockKind::dense || block == BlockKind::experts) {
      layer.ffn = feed_forward_of(facts, i);
      if (block == BlockKind::dense) layer.ffn = {.dense = at(facts.ffn, i)};
    }
    caches |= layer.attention.has_value() || layer.recurrent.has_value();
    shape.layers.push_back(layer);
  }
  if (!caches) {
    return Error{
        ErrorCode::malformed,
        fmt::format("{}: no layer has attention or a recurrent state; head counts or widths are missing", facts.id)};
  }
  shape.attention = describe(shape);
  return shape;
}

}  // namespace hardscape::llm
