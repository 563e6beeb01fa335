#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "hardscape/model_record.hpp"
#include "hardscape/model_shape.hpp"
#include "llm/shape_facts.hpp"
#include "llm/vision_towers.hpp"

namespace hardscape {
namespace {

using llm::ModelLayers;
using llm::ShapeFacts;

void set_recurrent(ShapeFacts& f, const ModelRecord& r, const ModelLayers& m) {
  RecurrentShape& rec = f.recurrent;
  rec.kind = *f.architecture->recurrent;
  rec.conv_kernel = m.conv_kernel;
  rec.state_dim = m.state_dim;
  rec.groups = m.groups;
  switch (rec.kind) {
    case RecurrentKind::short_convolution:
      rec.conv_channels = f.hidden;
      break;
    case RecurrentKind::kimi_delta:
      rec.state_dim = m.head_dim;
      rec.heads = r.heads.value_or(0);
      rec.groups = rec.heads;
      rec.inner = std::int64_t{rec.heads} * m.head_dim;
      rec.conv_channels = 3 * rec.inner;
      break;
    case RecurrentKind::gated_delta_net:
    case RecurrentKind::mamba2: {
      const std::int64_t beside = std::int64_t{2} * rec.groups * rec.state_dim;
      const std::int64_t kept = rec.conv_kernel - 1;
      if (m.inner > 0) {
        rec.inner = m.inner;
      } else if (r.recurrent_state && r.recurrent_layers.value_or(0) > 0) {
        // The published state per layer is (k - 1)(inner + 2 g s) + s inner 32-bit numbers; solve for inner.
        const std::int64_t numbers = r.recurrent_state->value / *r.recurrent_layers / 4;
        rec.inner = (numbers - kept * beside) / (kept + rec.state_dim);
      }
      rec.conv_channels = rec.inner + beside;
      const int head_dim = m.head_dim > 0 ? m.head_dim : rec.state_dim;
      rec.heads = head_dim > 0 ? static_cast<int>(rec.inner / head_dim) : 0;
      break;
    }
  }
}

// Attention every so many layers when no list says where it is; keeps the published counts.
void set_recurrent_layers(ShapeFacts& f, const ModelRecord& r, const ModelLayers& m) {
  const auto n = static_cast<std::size_t>(f.layers);
  if (!m.blocks.empty()) {
    for (const char c : m.blocks) f.blocks.push_back(static_cast<llm::BlockKind>(c));
    return;
  }
  std::vector<bool> recurrent(n, true);
  const int attention = r.full_attention_layers.value_or(0);
  if (!m.attention_layers.empty()) {
    for (const int i : m.attention_layers) recurrent[static_cast<std::size_t>(i)] = false;
  } else if (f.architecture->recurrent_period > 0) {
    const auto period = static_cast<std::size_t>(f.architecture->recurrent_period);
    for (std::size_t i = period - 1; i < n; i += period) recurrent[i] = false;
    const auto found = std::count(recurrent.begin(), recurrent.end(), false);
    if (found < attention) recurrent[n - 1] = false;  // Kimi-Linear ends with a full layer out of step
  } else if (attention > 0) {
    for (int k = 0; k < attention; ++k) {
      recurrent[(static_cast<std::size_t>(2 * k + 1) * n) / (2 * static_cast<std::size_t>(attention))] = false;
    }
  }
  f.recurrent_layer = std::move(recurrent);
}

void set_windows(ShapeFacts& f, const ModelRecord& r, const ModelLayers& m) {
  if (r.sliding_window_layers.value_or(0) == 0) return;
  f.window = r.swa_window_tokens.value_or(0);
  f.pattern = m.window ? *m.window : f.architecture->window;
  f.kv_heads_sliding = r.swa_kv_heads.value_or(0);
  f.heads_sliding = m.sliding_heads;
  if (!m.full_layers.empty()) {
    f.sliding.assign(static_cast<std::size_t>(f.layers), true);
    for (const int i : m.full_layers) f.sliding[static_cast<std::size_t>(i)] = false;
  }
}

// Of models whose layers differ one by one.
void set_runs(ShapeFacts& f, const ModelLayers& m) {
  const int heads = f.heads.front();
  f.heads.clear();
  f.kv_heads.clear();
  f.ffn.clear();
  for (const llm::LayerRun& run : m.runs) {
    const auto n = static_cast<std::size_t>(run.layers);
    f.heads.insert(f.heads.end(), n, run.kv_heads > 0 ? heads : 0);
    f.kv_heads.insert(f.kv_heads.end(), n, run.kv_heads);
    f.ffn.insert(f.ffn.end(), n, run.ffn);
  }
}

void set_compression(ShapeFacts& f, const ModelRecord& r, const ModelLayers& m) {
  f.window = r.swa_window_tokens.value_or(0);
  f.query_rank = m.query_rank;
  f.rope_dim = m.rope_dim;
  f.hash_layers = m.hash_layers;
  f.output_groups = m.output_groups;
  f.output_rank = m.output_rank;
  f.compression = m.compression;
  while (f.compression.size() >= 2 && f.compression.size() < static_cast<std::size_t>(f.layers)) {
    f.compression.push_back(f.compression[f.compression.size() - 2]);
  }
}

void set_shared_experts(ShapeFacts& f, const ModelRecord& r, const ModelLayers& m) {
  f.shared_ffn =
      m.shared_ffn > 0 ? m.shared_ffn : r.experts_shared.value_or(0) * r.expert_ffn.value_or(r.ffn.value_or(0));
}

}  // namespace

Result<ModelShape> shape_of(const ModelRecord& r) {
  const ModelLayers* layers = llm::layers_of_model(r.id);
  if (layers == nullptr) {
    return Error{
        ErrorCode::unsupported,
        fmt::format("{}: which architecture it has is not known (data/architectures/model_layers.json has no row "
                    "for it); inspect its GGUF file or config.json instead",
                    r.id)};
  }
  const llm::Architecture* architecture = llm::find_architecture(layers->architecture);
  ShapeFacts f;
  f.id = r.id;
  f.name = r.name;
  f.architecture = architecture;
  if (architecture != nullptr && !architecture->unsupported.empty()) return llm::build_shape(f);
  if (!r.layers) return Error{ErrorCode::unsupported, r.id + ": its number of layers is not known"};
  if (!r.mla_kv_lora_rank && !r.kv_heads && layers->runs.empty()) return Error{ErrorCode::unsupported, r.id + ": its KV heads are not known"};

  f.layers = *r.layers + layers->mtp_layers;
  f.mtp_layers = layers->mtp_layers;
  f.mtp_tables = layers->mtp_tables;
  f.hidden = r.hidden.value_or(0);
  f.vocabulary = r.vocabulary.value_or(0);
  f.context = r.context_max.value_or(0);
  f.heads = {r.heads.value_or(0)};
  f.kv_heads = {r.global_kv_heads.value_or(r.kv_heads.value_or(0))};
  f.key_dim = r.global_head_dim.value_or(r.head_dim.value_or(0));
  f.value_dim = r.global_head_dim ? f.key_dim : r.v_head_dim.value_or(f.key_dim);
  if (r.global_head_dim) f.key_dim_sliding = f.value_dim_sliding = r.head_dim.value_or(0);
  if (r.global_kv_heads) f.kv_heads_sliding = r.kv_heads.value_or(0);
  f.ffn = {r.ffn.value_or(0)};
  if (!layers->runs.empty()) set_runs(f, *layers);
  f.experts = r.experts.value_or(0);
  f.experts_active = r.experts_active.value_or(0);
  f.expert_ffn = {r.expert_ffn.value_or(0)};
  f.dense_first = r.dense_first_layers.value_or(0);
  f.moe_step = layers->moe_step;
  f.latent_ffn = layers->latent_ffn;
  set_shared_experts(f, r, *layers);
  if (r.mla_kv_lora_rank) {
    f.latent_dim = *r.mla_kv_lora_rank;
    f.rope_dim = r.mla_rope_dim.value_or(0);
    f.query_rank = layers->query_rank;
    f.key_dim = layers->nope_dim + f.rope_dim;
    f.value_dim = r.v_head_dim.value_or(layers->nope_dim);
  }
  const int swa_kv = f.kv_heads_sliding;
  set_windows(f, r, *layers);
  if (f.kv_heads_sliding == 0) f.kv_heads_sliding = swa_kv;
  if (architecture->compressed) set_compression(f, r, *layers);
  if (r.kv_shared_layers.value_or(0) > 0) f.kv_layers_from_start = f.layers - *r.kv_shared_layers;
  f.wide_ffn_in_shared_layers = layers->wide_ffn_in_shared_layers;
  f.values_from_keys = layers->values_from_keys;
  f.per_layer_width = layers->per_layer_width.value_or(architecture->per_layer_width);
  f.tied = r.tied_embeddings.value_or(false);
  f.rope_factors = layers->rope_factors.value_or(architecture->rope_factors != llm::RopeFactors::none);
  f.query_key_norm = layers->query_key_norm.value_or(architecture->qk_norm != llm::QueryKeyNorm::none);
  f.attention_bias = layers->bias.value_or(architecture->bias_q);
  f.indexer_heads = layers->indexer_heads;
  f.indexer_dim = layers->indexer_dim;
  f.indexer_top_k = layers->indexer_top_k;
  if (layers->indexer_every_fourth) {
    // GLM-5.2 computes its index in the first three layers and then in every fourth; the others reuse it.
    for (int i = 0; i < f.layers; ++i) f.indexer_layer.push_back(i < 3 || (i - 2) % 4 == 0);
  }
  if (architecture->recurrent) {
    set_recurrent(f, r, *layers);
    if (!architecture->recurrent_beside_attention) set_recurrent_layers(f, r, *layers);
  }

  Result<ModelShape> shape = llm::build_shape(f);
  if (!shape) return shape;
  llm::set_vision(*shape, r.id);
  shape->params = r.params;
  shape->active_params = r.active_params;
  if (!layers->weights_unsupported.empty()) shape->weights_unknown = layers->weights_unsupported;
  if (shape->weights_unknown.empty() && (f.hidden == 0 || f.vocabulary == 0)) {
    shape->weights_unknown = "its width or vocabulary is not published in a source that we have";
  }
  if (!r.attention.empty()) shape->attention = r.attention;
  return shape;
}

}  // namespace hardscape
