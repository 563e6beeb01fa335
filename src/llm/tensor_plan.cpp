#include "llm/tensor_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "llm/architecture.hpp"
#include "llm/tensor_roles.hpp"

namespace hardscape::llm {
namespace {

// Collects the tensors of one model, each list in file order.
class Plan {
 public:
  Plan(const ModelShape& shape, const Architecture& arch) : shape_(shape), arch_(arch), width_(shape.hidden) {}

  TensorPlan run() && {
    TensorPlan plan;
    outside_layers();
    plan.outside = std::exchange(tensors_, {});
    plan.kind_of.reserve(shape_.layers.size());
    std::vector<const LayerShape*> shapes;  // of the kinds
    for (std::size_t i = 0; i < shape_.layers.size(); ++i) {
      const LayerShape& layer = shape_.layers[i];
      const auto same = std::find_if(shapes.begin(), shapes.end(), [&](const LayerShape* s) { return *s == layer; });
      plan.kind_of.push_back(static_cast<std::size_t>(same - shapes.begin()));
      if (same != shapes.end()) continue;
      shapes.push_back(&layer);
      layer_ = static_cast<std::int16_t>(i);
      tensors_.reserve(32);
      one_layer(layer);
      plan.kinds.push_back(std::exchange(tensors_, {}));
    }
    return plan;
  }

 private:
  void add(const TensorRole& role, std::int64_t columns, std::int64_t rows = 1, std::int64_t matrices = 1) {
    if (columns > 0 && rows > 0 && matrices > 0)
      tensors_.push_back({&role, role.suffix, layer_, columns, rows, matrices});
  }

  // Small tensors that share a role and differ in name.
  void add_named(const TensorRole& role, std::string_view suffix, std::int64_t columns, std::int64_t rows = 1,
                 std::int64_t matrices = 1) {
    if (columns > 0 && rows > 0 && matrices > 0)
      tensors_.push_back({&role, suffix, layer_, columns, rows, matrices});
  }

  void outside_layers() {
    const std::int64_t vocabulary = shape_.vocabulary;
    add(roles::token_embd, width_, vocabulary);
    const std::int64_t per_layer = std::int64_t{shape_.per_layer_embedding} * shape_.main_layers();
    if (per_layer > 0) {
      add(roles::per_layer_token_embd, per_layer, vocabulary);
      add(roles::per_layer_model_proj, width_, per_layer);
      add(roles::per_layer_proj_norm, shape_.per_layer_embedding);
    }
    if (arch_.altup > 1) {
      add(roles::altup_proj, width_, width_, arch_.altup - 1);
      add(roles::altup_unembd_proj, width_, width_, arch_.altup - 1);
    }
    add_named(roles::output_norm, arch_.output_norm_name, width_);
    if (arch_.norm_bias && arch_.output_norm_name == "output_norm.weight")
      add_named(roles::output_norm, "output_norm.bias", width_);
    if (!shape_.tied_embeddings) add(roles::output, width_, vocabulary);
    if (arch_.output_bias) add(roles::output_bias, vocabulary);
    if (shape_.rope_factors) {
      int rotary = 0;
      for (const LayerShape& layer : shape_.layers) {
        if (layer.attention) rotary = layer.attention->key_dim;
      }
      if (arch_.rope_factors == RopeFactors::freqs) add(roles::rope_freqs, rotary / 2);
      if (arch_.rope_factors == RopeFactors::long_short) {
        add(roles::rope_long, rotary / 2);
        add(roles::rope_short, rotary / 2);
      }
    }
  }

  void one_layer(const LayerShape& layer) {
    for (std::size_t n = 0; n < arch_.norms.size(); ++n) {
      add_named(roles::norm, arch_.norm_names[n], width_);
      if (arch_.norm_bias) add_named(roles::norm, arch_.norm_bias_names[n], width_);
    }
    if (layer.attention) {
      if (layer.attention->kind == AttentionKind::latent) {
        latent_attention(*layer.attention);
      } else {
        attention(*layer.attention);
      }
    }
    if (layer.recurrent) recurrent(*layer.recurrent);
    feed_forward(layer.ffn);
    if (shape_.per_layer_embedding > 0) {
      add(roles::inp_gate, width_, shape_.per_layer_embedding);
      add(roles::proj, shape_.per_layer_embedding, width_);
      add_named(roles::norm, "post_norm.weight", width_);
    }
    if (arch_.altup > 1) alternating_updates();
    if (arch_.layer_scale) add_named(roles::norm, "layer_output_scale.weight", 1);
    if (layer.mtp) {
      add(roles::eh_proj, 2 * width_, width_);
      for (const std::string_view n : {"nextn.enorm.weight", "nextn.hnorm.weight", "nextn.shared_head_norm.weight"}) {
        add_named(roles::norm, n, width_);
      }
    }
  }

  void attention(const AttentionShape& a) {
    const std::int64_t q = std::int64_t{a.heads} * a.key_dim * (arch_.gated_query ? 2 : 1);
    const std::int64_t k = a.key_width(), v = a.value_width();
    // Gemma 4's sharing layers have no keys and values of their own; Gemma 3n's keep the matrices in the file.
    const bool own = !a.shares_kv_of || arch_.id == "gemma3n";
    if (arch_.fused_qkv) {
      add(roles::attn_qkv, width_, q + k + v);
    } else {
      add(roles::attn_q, width_, q);
      if (own) add(roles::attn_k, width_, k);
      if (own && !a.values_from_keys) add(roles::attn_v, width_, v);
    }
    add(roles::attn_output, std::int64_t{a.heads} * a.value_dim, width_);
    if (arch_.gate_per_head) add(roles::attn_gate, width_, a.heads);
    if (shape_.attention_bias) {
      if (arch_.bias_q) add_named(roles::attn_vector, "attn_q.bias", q);
      if (arch_.bias_k) add_named(roles::attn_vector, "attn_k.bias", k);
      if (arch_.bias_v) add_named(roles::attn_vector, "attn_v.bias", v);
      if (arch_.bias_o) add_named(roles::attn_vector, "attn_output.bias", width_);
    }
    if (shape_.query_key_norm) {
      const bool full = arch_.qk_norm == QueryKeyNorm::full;
      add_named(roles::attn_vector, "attn_q_norm.weight", full ? q : a.key_dim);
      if (own) add_named(roles::attn_vector, "attn_k_norm.weight", full ? k : a.key_dim);
    }
    if (arch_.sinks) add_named(roles::attn_vector, "attn_sinks.weight", a.heads);
    if (a.indexer_dim > 0) {
      add(roles::indexer_q_proj, width_, std::int64_t{a.indexer_heads} * a.indexer_dim);
      add(roles::indexer_k_proj, width_, a.indexer_dim);
      add_named(roles::attn_vector, "indexer.q_norm.weight", a.indexer_dim);
      add_named(roles::attn_vector, "indexer.k_norm.weight", a.indexer_dim);
    }
  }

  void latent_attention(const AttentionShape& a) {
    const std::int64_t q = std::int64_t{a.heads} * a.key_dim;
    if (a.query_rank > 0) {
      add(roles::attn_q_a, width_, a.query_rank);
      add(roles::attn_q_b, a.query_rank, q);
      add_named(roles::attn_vector, "attn_q_a_norm.weight", a.query_rank);
    } else {
      add(roles::attn_q, width_, q);
    }
    add(roles::attn_kv_a, width_, a.key_width());
    add_named(roles::attn_vector, "attn_kv_a_norm.weight", a.latent_dim);
    add(roles::attn_k_b, a.key_dim - a.rope_dim, a.latent_dim, a.heads);
    add(roles::attn_v_b, a.latent_dim, a.value_dim, a.heads);
    add(roles::attn_output, std::int64_t{a.heads} * a.value_dim, width_);
    if (a.indexer_dim > 0) {
      add(roles::indexer_proj, width_, a.indexer_heads);
      add(roles::indexer_k, width_, a.indexer_dim);
      add(roles::indexer_q, a.query_rank, std::int64_t{a.indexer_heads} * a.indexer_dim);
      add_named(roles::attn_vector, "indexer.k_norm.weight", a.indexer_dim);
      add_named(roles::attn_vector, "indexer.k_norm.bias", a.indexer_dim);
    }
  }

  void recurrent(const RecurrentShape& r) {
    switch (r.kind) {
      case RecurrentKind::mamba2:
        add(roles::ssm_in, width_, r.inner + r.conv_channels + r.heads);
        add(roles::ssm_conv, r.conv_kernel, r.conv_channels);
        add_named(roles::ssm_vector, "ssm_conv1d.bias", r.conv_channels);
        add_named(roles::ssm_vector, "ssm_dt.bias", r.heads);
        add_named(roles::ssm_vector, "ssm_a", 1, r.heads);
        add_named(roles::ssm_vector, "ssm_d", 1, r.heads);
        if (r.groups > 0) add_named(roles::ssm_vector, "ssm_norm.weight", r.inner / r.groups, r.groups);
        add(roles::ssm_out, r.inner, width_);
        break;
      case RecurrentKind::gated_delta_net:
        add(roles::attn_qkv, width_, r.conv_channels);
        add(roles::attn_gate, width_, r.inner);
        add(roles::ssm_conv, r.conv_kernel, r.conv_channels);
        add_named(roles::ssm_vector, "ssm_dt.bias", r.heads);
        add_named(roles::ssm_vector, "ssm_a", r.heads);
        if (arch_.fused_beta_alpha) {
          add(roles::ssm_beta_alpha, width_, 2 * std::int64_t{r.heads});
        } else {
          add(roles::ssm_beta, width_, r.heads);
          add(roles::ssm_alpha, width_, r.heads);
        }
        add_named(roles::ssm_vector, "ssm_norm.weight", r.state_dim);
        add(roles::ssm_out, r.inner, width_);
        break;
      case RecurrentKind::kimi_delta:
        add(roles::attn_q, width_, r.inner);
        add(roles::attn_k, width_, r.inner);
        add(roles::attn_v, width_, r.inner);
        for (const std::string_view n : {"ssm_conv1d_q.weight", "ssm_conv1d_k.weight", "ssm_conv1d_v.weight"}) {
          add_named(roles::ssm_conv, n, r.conv_kernel, 1, r.inner);
        }
        add(roles::ssm_f_a, width_, r.state_dim);
        add(roles::ssm_f_b, r.state_dim, r.inner);
        add(roles::ssm_beta, width_, r.heads);
        add_named(roles::ssm_vector, "ssm_a", 1, r.heads);
        add_named(roles::ssm_vector, "ssm_dt.bias", r.inner);
        add(roles::ssm_g_a, width_, r.state_dim);
        add(roles::ssm_g_b, r.state_dim, r.inner);
        add_named(roles::ssm_vector, "ssm_norm.weight", r.state_dim);
        add(roles::attn_output, r.inner, width_);
        break;
      case RecurrentKind::short_convolution:
        add(roles::shortconv_conv, r.conv_kernel, width_);
        add(roles::shortconv_in, width_, 3 * width_);
        add(roles::shortconv_out, width_, width_);
        break;
    }
  }

  void feed_forward(const FeedForwardShape& f) {
    if (f.dense > 0) {
      if (!arch_.plain_ffn && !arch_.fused_gate_up) add(roles::ffn_gate, width_, f.dense);
      add(roles::ffn_up, width_, std::int64_t{f.dense} * (arch_.fused_gate_up ? 2 : 1));
      add(roles::ffn_down, f.dense, width_);
    }
    if (f.experts == 0) return;
    add(roles::router, width_, f.experts);
    if (arch_.router_bias) add_named(roles::router_bias, arch_.router_bias_name, f.experts);
    const std::int64_t inside = f.latent > 0 ? f.latent : width_;
    if (f.latent > 0) {
      add(roles::latent_down, width_, inside);
      add(roles::latent_up, inside, width_);
    }
    if (arch_.fused_expert_gate_up) {
      add(roles::gate_up_exps, inside, 2 * std::int64_t{f.expert}, f.experts);
    } else {
      if (!arch_.plain_ffn) add(roles::gate_exps, inside, f.expert, f.experts);
      add(roles::up_exps, inside, f.expert, f.experts);
    }
    add(roles::down_exps, f.expert, inside, f.experts);
    if (arch_.expert_bias) {
      add_named(roles::router_bias, "ffn_gate_inp.bias", f.experts);
      add_named(roles::expert_bias, "ffn_gate_exps.bias", f.expert, f.experts);
      add_named(roles::expert_bias, "ffn_up_exps.bias", f.expert, f.experts);
      add_named(roles::expert_bias, "ffn_down_exps.bias", width_, f.experts);
    }
    if (arch_.id == "gemma4") {
      add_named(roles::router_bias, "ffn_gate_inp.scale", width_);
      add_named(roles::expert_bias, "ffn_down_exps.scale", f.experts);
      for (const std::string_view n : {"pre_ffw_norm_2.weight", "post_ffw_norm_1.weight", "post_ffw_norm_2.weight"}) {
        add_named(roles::norm, n, width_);
      }
    }
    if (f.shared > 0) {
      if (arch_.shared_gate) add(roles::shexp_gate, width_);
      if (!arch_.plain_ffn) add(roles::gate_shexp, width_, f.shared);
      add(roles::up_shexp, width_, f.shared);
      add(roles::down_shexp, f.shared, width_);
    }
  }

  void alternating_updates() {
    const std::int64_t n = arch_.altup;
    add_named(roles::altup_small, "altup_correct_coef.weight", n, n);
    add_named(roles::altup_small, "altup_correct_scale.weight", width_);
    add_named(roles::altup_small, "altup_predict_coef.weight", n, n * n);
    add_named(roles::altup_small, "altup_router.weight", width_, n);
    add_named(roles::altup_small, "altup_router_norm.weight", width_);
    add_named(roles::laurel, "laurel_l.weight", width_, arch_.laurel_rank);
    add_named(roles::laurel, "laurel_r.weight", arch_.laurel_rank, width_);
    add_named(roles::norm, "laurel_post_norm.weight", width_);
  }

  const ModelShape& shape_;
  const Architecture& arch_;
  std::int64_t width_;
  std::int16_t layer_ = -1;
  std::vector<PlannedTensor> tensors_;
};

}  // namespace

std::string PlannedTensor::name() const {
  return layer < 0 ? std::string(suffix) : fmt::format("blk.{}.{}", layer, suffix);
}

std::vector<PlannedTensor> TensorPlan::in_file_order() const {
  std::vector<PlannedTensor> tensors = outside;
  for (std::size_t i = 0; i < kind_of.size(); ++i) {
    for (PlannedTensor t : kinds[kind_of[i]]) {
      t.layer = static_cast<std::int16_t>(i);
      tensors.push_back(t);
    }
  }
  return tensors;
}

Result<TensorPlan> plan_of(const ModelShape& shape) {
  const Architecture* arch = find_architecture(shape.architecture);
  if (arch == nullptr) {
    return Error{ErrorCode::unsupported,
                 fmt::format("{}: architecture '{}' is not known", shape.id, shape.architecture)};
  }
  if (!shape.weights_unknown.empty()) {
    return Error{ErrorCode::unsupported,
                 fmt::format("{}: its weights cannot be laid out: {}", shape.id, shape.weights_unknown)};
  }
  return Plan(shape, *arch).run();
}

Result<std::vector<PlannedTensor>> plan_tensors(const ModelShape& shape) {
  Result<TensorPlan> plan = plan_of(shape);
  if (!plan) return std::move(plan).error();
  return plan->in_file_order();
}

}  // namespace hardscape::llm
