#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "hardscape/gguf.hpp"
#include "llm/shape_facts.hpp"

namespace hardscape {
namespace {

using llm::ShapeFacts;


// Reads keys below the architecture's name. Numbers out of range are read as absurd ones, which build_shape refuses.
class Keys {
 public:
  Keys(const GgufHeader& header, std::string prefix) : header_(header), prefix_(std::move(prefix)) {}

  bool has(std::string_view key) const { return header_.find(path(key)) != nullptr; }
  std::int64_t wide(std::string_view key, std::int64_t otherwise = 0) const {
    return header_.integer(path(key)).value_or(otherwise);
  }
  int number(std::string_view key, int otherwise = 0) const {
    return static_cast<int>(std::clamp<std::int64_t>(wide(key, otherwise), -1, llm::k_most_of_anything));
  }
  // One number for all layers, or one a layer.
  std::vector<int> list(std::string_view key) const {
    const GgufEntry* e = header_.find(path(key));
    if (e == nullptr) return {};
    if (const auto* a = std::get_if<GgufArray>(&e->value)) {
      std::vector<int> out;
      for (const double n : a->numbers) {
        out.push_back(std::isfinite(n) ? static_cast<int>(std::clamp(n, -1.0, static_cast<double>(llm::k_most_of_anything))) : -1);
      }
      return out;
    }
    return {number(key)};
  }
  std::vector<bool> flags(std::string_view key) const {
    std::vector<bool> out;
    const GgufEntry* e = header_.find(path(key));
    if (e == nullptr || !std::holds_alternative<GgufArray>(e->value)) return out;
    for (const int n : list(key)) out.push_back(n != 0);
    return out;
  }

 private:
  std::string path(std::string_view key) const { return fmt::format("{}.{}", prefix_, key); }

  const GgufHeader& header_;
  std::string prefix_;
};

const GgufTensor* find_tensor(const GgufHeader& header, std::string_view name) {
  for (const GgufTensor& t : header.tensors) {
    if (t.name == name) return &t;
  }
  return nullptr;
}

std::int64_t vocabulary_of(const GgufHeader& header, const Keys& keys) {
  if (const GgufTensor* t = find_tensor(header, "token_embd.weight")) return t->dims[1];
  if (keys.has("vocab_size")) return keys.wide("vocab_size");
  if (const GgufEntry* e = header.find("tokenizer.ggml.tokens")) {
    if (const auto* a = std::get_if<GgufArray>(&e->value))
      return static_cast<std::int64_t>(std::min<std::uint64_t>(a->count, llm::k_most_of_anything));
  }
  return 0;
}

void set_attention(ShapeFacts& f, const Keys& keys) {
  f.heads = keys.list("attention.head_count");
  f.kv_heads = keys.list("attention.head_count_kv");
  if (f.kv_heads.empty()) f.kv_heads = f.heads;
  const int most_heads = f.heads.empty() ? 0 : *std::max_element(f.heads.begin(), f.heads.end());
  const int usual = most_heads > 0 ? static_cast<int>(f.hidden / most_heads) : 0;
  f.key_dim = keys.number("attention.key_length", usual);
  f.value_dim = keys.number("attention.value_length", usual);
  f.key_dim_sliding = keys.number("attention.key_length_swa");
  f.value_dim_sliding = keys.number("attention.value_length_swa");
  // Files from before the latent cache carry attn_kv_b instead; llama.cpp then caches whole heads.
  if (f.architecture->latent && keys.number("attention.key_length_mla") > 0) {
    f.latent_dim = keys.number("attention.kv_lora_rank");
    f.rope_dim = keys.number("rope.dimension_count");
    f.query_rank = keys.number("attention.q_lora_rank");
    f.key_dim = keys.number("attention.key_length_mla");
    f.value_dim = keys.number("attention.value_length_mla");
  }
  f.indexer_heads = keys.number("attention.indexer.head_count");
  f.indexer_dim = keys.number("attention.indexer.key_length");
  f.indexer_top_k = keys.number("attention.indexer.top_k");
  f.indexer_layer = keys.flags("attention.indexer.types");
}

void set_windows(ShapeFacts& f, const Keys& keys) {
  if (f.architecture->compressed) {
    f.window = keys.number("attention.sliding_window");
    f.rope_dim = keys.number("rope.dimension_count");
    f.query_rank = keys.number("attention.q_lora_rank");
    f.compression = keys.list("attention.compress_ratios");
    f.output_groups = keys.number("attention.output_group_count");
    f.output_rank = keys.number("attention.output_lora_rank");
    f.hash_layers = keys.number("hash_layer_count");
    return;
  }
  if (f.architecture->window.period == 0) return;
  f.window = keys.number("attention.sliding_window");
  if (f.window == 0 && f.architecture->id == "gemma2") f.window = 4096;
  if (f.architecture->id == "llama4" && (f.window > 0 || !keys.has("attention.sliding_window"))) f.window = 8192;
  // Only the 32B EXAONE 4 has windows; smaller ones carry the key.
  if (f.architecture->id == "exaone4" && f.layers != 64) f.window = 0;
  f.pattern = f.architecture->window;
  f.sliding = keys.flags("attention.sliding_window_pattern");
  if (f.sliding.empty() && keys.has("attention.sliding_window_pattern")) {
    f.pattern.period = keys.number("attention.sliding_window_pattern");
  }
  if (keys.has("attention.shared_kv_layers")) {
    f.kv_layers_from_start = std::max(0, f.layers - keys.number("attention.shared_kv_layers"));
    if (f.kv_layers_from_start == f.layers) f.kv_layers_from_start = -1;
  } else if (f.architecture->id == "gemma3n") {
    f.kv_layers_from_start = 20;
  }
}

void set_feed_forward(ShapeFacts& f, const Keys& keys) {
  f.ffn = keys.list("feed_forward_length");
  f.experts = keys.number("expert_count");
  const std::vector<int> used = keys.list("expert_used_count");
  f.experts_active = used.empty() ? 0 : *std::max_element(used.begin(), used.end());
  f.expert_ffn = keys.list("expert_feed_forward_length");
  f.shared_ffn = keys.number("expert_shared_feed_forward_length");
  const int shared = keys.number("expert_shared_count");
  const int one = f.expert_ffn.empty() ? 0 : *std::max_element(f.expert_ffn.begin(), f.expert_ffn.end());
  if (f.shared_ffn == 0) f.shared_ffn = llm::width_together(shared, one);
  if (f.architecture->id == "llama4") f.shared_ffn = one;
  f.dense_first = keys.number("leading_dense_block_count");
  f.moe_step = std::max(1, keys.number("interleave_moe_layer_step", 1));
  f.latent_ffn = keys.number("moe_latent_size", keys.number("expert_latent_length"));
}

void set_recurrent(ShapeFacts& f, const Keys& keys) {
  if (!f.architecture->recurrent) return;
  RecurrentShape& r = f.recurrent;
  r.kind = *f.architecture->recurrent;
  r.conv_kernel = keys.number("ssm.conv_kernel");
  const int most_heads = f.heads.empty() ? 0 : *std::max_element(f.heads.begin(), f.heads.end());
  switch (r.kind) {
    case RecurrentKind::short_convolution:
      r.conv_kernel = keys.number("shortconv.l_cache");
      r.conv_channels = f.hidden;
      break;
    case RecurrentKind::kimi_delta:
      if (r.conv_kernel == 0) r.conv_kernel = 4;
      r.state_dim = keys.number("kda.head_dim");
      r.heads = most_heads;
      r.groups = r.heads;
      r.inner = std::int64_t{r.heads} * r.state_dim;
      r.conv_channels = 3 * r.inner;
      break;
    case RecurrentKind::mamba2:
    case RecurrentKind::gated_delta_net:
      r.state_dim = keys.number("ssm.state_size");
      r.inner = keys.number("ssm.inner_size");
      r.groups = keys.number("ssm.group_count");
      r.heads = keys.number("ssm.time_step_rank");
      r.conv_channels = r.inner + std::int64_t{2} * r.groups * r.state_dim;
      break;
  }
  const auto at = [](const std::vector<int>& list, int i) {
    return list.empty()                                ? 0
           : static_cast<std::size_t>(i) < list.size() ? list[static_cast<std::size_t>(i)]
           : list.size() == 1                          ? list.front()
                                                       : 0;
  };
  if (f.architecture->one_block_a_layer) {
    for (int i = 0; i < std::min(f.layers, 4096); ++i) {
      const bool network = at(f.ffn, i) > 0 || at(f.expert_ffn, i) > 0;
      f.blocks.push_back(at(f.kv_heads, i) > 0 ? llm::BlockKind::attention
                         : !network            ? llm::BlockKind::recurrent
                         : f.experts > 0       ? llm::BlockKind::experts
                                               : llm::BlockKind::dense);
    }
    return;
  }
  f.recurrent_layer = keys.flags("attention.recurrent_layers");
  if (!f.recurrent_layer.empty()) return;
  const int interval = keys.number("full_attention_interval", f.architecture->recurrent_period);
  const bool listed = f.kv_heads.size() > 1;
  for (int i = 0; i < std::min(f.layers, 4096); ++i) {
    f.recurrent_layer.push_back(listed ? at(f.kv_heads, i) == 0 : interval > 0 && (i + 1) % interval != 0);
  }
}

}  // namespace

Result<ModelShape> shape_of(const GgufHeader& header) {
  const std::optional<std::string> name = header.text("general.architecture");
  if (!name) {
    return Error{ErrorCode::malformed, "metadata 'general.architecture' is missing or is not a string"};
  }
  const llm::Architecture* architecture = llm::find_architecture(*name);
  if (architecture == nullptr) {
    return Error{ErrorCode::unsupported,
                 fmt::format("architecture '{}' is not known here, so what it caches and computes is not known either",
                             printable(*name))};
  }
  const Keys keys(header, *name);
  ShapeFacts f;
  f.architecture = architecture;
  f.name = printable(header.text("general.name").value_or(""));
  f.id = f.name.empty() ? architecture->id : f.name;
  f.layers = keys.number("block_count");
  f.mtp_layers = keys.number("nextn_predict_layers");
  f.hidden = keys.wide("embedding_length");
  f.context = std::clamp<std::int64_t>(keys.wide("context_length"), 0, std::int64_t{1} << 40);
  f.vocabulary = vocabulary_of(header, keys);
  if (f.hidden <= 0)
    return Error{ErrorCode::malformed, fmt::format("metadata '{}.embedding_length' is missing", *name)};
  set_attention(f, keys);
  set_windows(f, keys);
  set_feed_forward(f, keys);
  set_recurrent(f, keys);
  f.per_layer_width = keys.number("embedding_length_per_layer_input");
  f.tied = find_tensor(header, "output.weight") == nullptr;
  f.rope_factors =
      find_tensor(header, "rope_freqs.weight") != nullptr || find_tensor(header, "rope_factors_long.weight") != nullptr;
  for (const GgufTensor& t : header.tensors) {
    f.query_key_norm |= t.name.ends_with("attn_q_norm.weight");
    f.attention_bias |= t.name.ends_with("attn_q.bias");
  }
  Result<ModelShape> shape = llm::build_shape(f);
  if (!shape) return shape;
  shape->weights_unknown.clear();
  if (!header.tensors.empty()) shape->params = header.parameters();
  return shape;
}

ModelWeights weights_of(const GgufHeader& header, const ModelShape& shape) {
  std::vector<ModelTensor> tensors;
  tensors.reserve(header.tensors.size());
  for (const GgufTensor& t : header.tensors) tensors.push_back({t.name, t.dims, t.format->name, t.bytes});
  return weights_of_tensors(shape, tensors);
}

}  // namespace hardscape
