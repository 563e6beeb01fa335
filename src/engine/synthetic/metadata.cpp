// Key names after llama.cpp v0.5.0, src/llama-arch.cpp; which architecture wants which after src/models/*.cpp. Keys that
// an architecture does not know are ignored by it, so most are simply written for all.
#include "engine/synthetic/metadata.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>

namespace hardscape {
namespace {

class Keys {
 public:
  explicit Keys(const ModelShape& shape) : shape_(shape) {}

  std::vector<GgufKey> all() {
    general();
    attention();
    windows();
    feed_forward();
    recurrent();
    compressed();
    special();
    tokenizer();
    return std::move(keys_);
  }

 private:
  void put(std::string name, GgufKey::Value value) { keys_.push_back({std::move(name), std::move(value)}); }
  void arch(const std::string& name, GgufKey::Value value) { put(shape_.architecture + "." + name, std::move(value)); }
  static std::uint32_t u32(std::int64_t value) { return static_cast<std::uint32_t>(value); }

  // One number where all layers agree, else one a layer.
  void per_layer(const std::string& name, const std::function<int(const LayerShape&)>& of, bool always_array = false) {
    std::vector<std::int32_t> values;
    for (const auto& layer : shape_.layers) values.push_back(of(layer));
    const bool same = std::all_of(values.begin(), values.end(), [&](auto v) { return v == values.front(); });
    if (same && !always_array && !values.empty())
      arch(name, u32(values.front()));
    else
      arch(name, std::move(values));
  }

  template <class Wanted>
  const AttentionShape* first_attention(Wanted wanted) const {
    for (const auto& layer : shape_.layers)
      if (layer.attention && wanted(*layer.attention)) return &*layer.attention;
    return nullptr;
  }

  void general() {
    put("general.architecture", shape_.architecture);
    put("general.name", std::string("synthetic"));  // some names make llama.cpp look for tokens of theirs
    put("hardscape.synthetic", std::string("random weights"));
    arch("context_length", u32(shape_.context_max > 0 ? shape_.context_max : 131072));
    arch("embedding_length", u32(shape_.hidden));
    arch("block_count", u32(static_cast<std::int64_t>(shape_.layers.size())));
    arch("vocab_size", u32(shape_.vocabulary));
    arch("attention.layer_norm_rms_epsilon", 1e-6f);
    arch("attention.layer_norm_epsilon", 1e-5f);
    const auto drafts = std::count_if(shape_.layers.begin(), shape_.layers.end(), [](const LayerShape& l) { return l.mtp; });
    if (drafts > 0) arch("nextn_predict_layers", u32(drafts));
  }

  void attention() {
    per_layer("attention.head_count", [&](const LayerShape& l) {
      if (l.attention) return l.attention->heads;
      if (shape_.architecture == "deci") return 0;  // else the layer would be a matrix in place of attention
      const auto* any = first_attention([](const AttentionShape&) { return true; });
      return any != nullptr ? any->heads : 0;
    });
    const bool some_without = std::any_of(shape_.layers.begin(), shape_.layers.end(), [](const LayerShape& l) { return !l.attention; });
    // Where an interval says which layers attend, the count is the same everywhere.
    const bool by_interval = shape_.architecture == "qwen3next" || shape_.architecture == "qwen35" || shape_.architecture == "qwen35moe";
    const auto* any = first_attention([](const AttentionShape&) { return true; });
    if (any == nullptr) return;
    per_layer("attention.head_count_kv", [&](const LayerShape& l) { return l.attention ? l.attention->kv_heads : by_interval ? any->kv_heads : 0; },
              some_without && !by_interval);
    if (by_interval) interval();
    const auto* full = first_attention([](const AttentionShape& a) { return a.kind != AttentionKind::sliding; });
    const AttentionShape& a = full != nullptr ? *full : *any;
    if (a.kind == AttentionKind::latent) {
      arch("attention.kv_lora_rank", u32(a.latent_dim));
      if (a.query_rank > 0) arch("attention.q_lora_rank", u32(a.query_rank));
      arch("attention.key_length", u32(a.latent_dim + a.rope_dim));
      arch("attention.value_length", u32(a.latent_dim));
      arch("attention.key_length_mla", u32(a.key_dim));
      arch("attention.value_length_mla", u32(a.value_dim));
      arch("rope.dimension_count", u32(a.rope_dim));
    } else {
      arch("attention.key_length", u32(a.key_dim));
      arch("attention.value_length", u32(a.value_dim));
      arch("rope.dimension_count", u32(a.keys_are_values ? a.rope_dim : a.key_dim));
      // Sections of multi-axis rotary positions: text uses the first alone.
      arch("rope.dimension_sections", std::vector<std::int32_t>{a.key_dim / 2, 0, 0, 0});
    }
    if (a.indexer_dim > 0) {
      arch("attention.indexer.head_count", u32(a.indexer_heads));
      arch("attention.indexer.key_length", u32(a.indexer_dim));
      arch("attention.indexer.top_k", u32(a.attended_most));
    }
  }

  void interval() {
    int period = 0;
    for (const auto& layer : shape_.layers) {
      ++period;
      if (layer.attention) break;
    }
    arch("full_attention_interval", u32(period));
  }

  void windows() {
    const auto* sliding = first_attention([](const AttentionShape& a) { return a.kind == AttentionKind::sliding; });
    if (sliding == nullptr) return;
    arch("attention.sliding_window", u32(sliding->window));
    arch("attention.chunk_size", u32(sliding->window));
    arch("attention.key_length_swa", u32(sliding->key_dim));
    arch("attention.value_length_swa", u32(sliding->value_dim));
    arch("rope.dimension_count_swa", u32(sliding->key_dim));
    std::vector<bool> pattern;
    for (const auto& layer : shape_.layers) pattern.push_back(layer.attention && layer.attention->kind == AttentionKind::sliding);
    arch("attention.sliding_window_pattern", std::move(pattern));
    const auto shared = std::count_if(shape_.layers.begin(), shape_.layers.end(), [](const LayerShape& l) { return l.attention && l.attention->shares_kv_of; });
    arch("attention.shared_kv_layers", u32(shared));
  }

  void feed_forward() {
    const LayerShape* moe = nullptr;
    int widest = 0, leading = 0, step = 0;
    bool still_leading = true;
    for (std::size_t i = 0; i < shape_.layers.size(); ++i) {
      const auto& ffn = shape_.layers[i].ffn;
      widest = std::max(widest, ffn.dense);
      if (ffn.experts > 0) {
        const bool every_layer_from_here = i + 1 < shape_.layers.size() && shape_.layers[i + 1].ffn.experts > 0;
        if (moe == nullptr) step = every_layer_from_here ? 1 : static_cast<int>(i) + 1;
        if (moe == nullptr) moe = &shape_.layers[i];
        still_leading = false;
      }
      if (still_leading) ++leading;
    }
    const bool arrays = shape_.architecture == "nemotron_h" || shape_.architecture == "nemotron_h_moe" || shape_.architecture == "gemma3n";
    if (arrays)
      per_layer("feed_forward_length", [](const LayerShape& l) { return l.ffn.dense > 0 ? l.ffn.dense : l.ffn.experts > 0 ? l.ffn.expert : 0; }, true);
    else if (moe == nullptr)
      per_layer("feed_forward_length", [](const LayerShape& l) { return l.ffn.dense; });
    else
      arch("feed_forward_length", u32(widest > 0 ? widest : moe->ffn.expert));
    if (moe == nullptr) return;
    const FeedForwardShape& f = moe->ffn;
    arch("expert_count", u32(f.experts));
    arch("expert_used_count", u32(f.experts_active));
    arch("expert_feed_forward_length", u32(f.expert));
    if (f.shared > 0) {
      arch("expert_shared_feed_forward_length", u32(f.shared));
      arch("expert_shared_count", u32(std::max(1, f.expert > 0 && f.shared % f.expert == 0 ? f.shared / f.expert : 1)));
    }
    arch("leading_dense_block_count", u32(leading));
    arch("interleave_moe_layer_step", u32(step > 1 && shape_.architecture != "deepseek2" ? step : 1));
    arch("moe_latent_size", u32(f.latent));
    arch("expert_latent_length", u32(f.latent));
    if (shape_.architecture == "kimi-k3") {
      arch("attn_res.block_size", std::uint32_t{12});
      arch("activation.situ_beta", 4.0f);
      arch("activation.situ_linear_beta", 25.0f);
      arch("kda.gate_lower_bound", -5.0f);
    }
    arch("expert_gating_func", std::uint32_t{shape_.architecture == "deepseek4" ? 4u : 1u});  // the root of softplus, or softmax
    arch("expert_weights_norm", true);
    arch("expert_weights_scale", 1.0f);
    arch("expert_group_count", std::uint32_t{1});
    arch("expert_group_used_count", std::uint32_t{1});
  }

  void recurrent() {
    for (const auto& layer : shape_.layers) {
      if (!layer.recurrent) continue;
      const RecurrentShape& r = *layer.recurrent;
      arch("ssm.conv_kernel", u32(r.conv_kernel));
      arch("ssm.inner_size", u32(r.inner));
      arch("ssm.state_size", u32(r.state_dim));
      arch("ssm.time_step_rank", u32(r.heads));
      arch("ssm.group_count", u32(r.groups));
      arch("shortconv.l_cache", u32(r.conv_kernel));
      if (r.kind == RecurrentKind::kimi_delta) arch("kda.head_dim", u32(r.state_dim));
      return;
    }
  }

  // DeepSeek-V4.
  void compressed() {
    std::vector<std::int32_t> ratios;
    std::uint32_t by_table = 0;
    for (const auto& layer : shape_.layers) {
      ratios.push_back(layer.attention ? layer.attention->compression : 0);
      if (layer.ffn.routed_by_token) ++by_table;
    }
    const auto* a = first_attention([](const AttentionShape& s) { return s.keys_are_values; });
    if (a == nullptr) return;
    arch("attention.compress_ratios", std::move(ratios));
    arch("attention.q_lora_rank", u32(a->query_rank));
    arch("attention.output_group_count", u32(a->output_groups));
    arch("attention.output_lora_rank", u32(a->output_rank));
    arch("attention.compress_rope_freq_base", 160000.0f);
    arch("hyper_connection.count", std::uint32_t{4});
    arch("hyper_connection.sinkhorn_iterations", std::uint32_t{20});
    arch("hyper_connection.epsilon", 1e-6f);
    arch("hash_layer_count", by_table);
    arch("swiglu_clamp_exp", 10.0f);
    const auto* indexed = first_attention([](const AttentionShape& s) { return s.compression > 0 && s.indexer_dim > 0; });
    if (indexed == nullptr) return;
    arch("attention.indexer.head_count", u32(indexed->indexer_heads));
    arch("attention.indexer.key_length", u32(indexed->indexer_dim));
    arch("attention.indexer.top_k", u32(indexed->attended_most));
  }

  void special() {
    if (shape_.per_layer_embedding > 0 || shape_.architecture == "gemma4") arch("embedding_length_per_layer_input", u32(shape_.per_layer_embedding));
    arch("altup.num_inputs", std::uint32_t{4});
    arch("altup.active_idx", std::uint32_t{0});
    arch("residual_scale", 1.0f);
    arch("embedding_scale", 1.0f);
    arch("logit_scale", 1.0f);
    arch("attention.scale", 1.0f / 16);
    arch("rope.scaling.original_context_length", u32(shape_.context_max > 0 ? shape_.context_max : 131072));
  }

  void tokenizer() {
    put("tokenizer.ggml.model", std::string("llama"));
    const auto count = static_cast<std::size_t>(std::max(shape_.vocabulary, 259 + 1));
    std::vector<std::string> tokens{"<unk>", "<s>", "</s>"};
    std::vector<std::int32_t> types{2, 3, 3};  // unknown, control, control
    tokens.reserve(count);
    for (int byte = 0; byte < 256; ++byte) {
      char name[8];
      std::snprintf(name, sizeof name, "<0x%02X>", byte);
      tokens.emplace_back(name);
      types.push_back(6);  // byte
    }
    while (tokens.size() < count) {
      tokens.push_back("w" + std::to_string(tokens.size()));
      types.push_back(1);  // normal
    }
    put("tokenizer.ggml.scores", std::vector<float>(tokens.size(), 0.0f));
    put("tokenizer.ggml.tokens", std::move(tokens));
    put("tokenizer.ggml.token_type", std::move(types));
    put("tokenizer.ggml.bos_token_id", std::uint32_t{1});
    put("tokenizer.ggml.eos_token_id", std::uint32_t{2});
  }

  const ModelShape& shape_;
  std::vector<GgufKey> keys_;
};

}  // namespace

std::vector<GgufKey> synthetic_metadata(const ModelShape& shape) { return Keys(shape).all(); }

}  // namespace hardscape
