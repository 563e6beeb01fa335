#include "llm/tensor_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "llm/architecture.hpp"
#include "llm/tensor_list.hpp"
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
    plan.outside = std::exchange(list_.tensors, {});
    plan.kind_of.reserve(shape_.layers.size());
    std::vector<const LayerShape*> shapes;  // of the kinds
    for (std::size_t i = 0; i < shape_.layers.size(); ++i) {
      const LayerShape& layer = shape_.layers[i];
      const auto same = std::find_if(shapes.begin(), shapes.end(), [&](const LayerShape* s) { return *s == layer; });
      plan.kind_of.push_back(static_cast<std::size_t>(same - shapes.begin()));
      if (same != shapes.end()) continue;
      shapes.push_back(&layer);
      list_.layer = static_cast<std::int16_t>(i);
      list_.tensors.reserve(32);
      one_layer(layer);
      plan.kinds.push_back(std::exchange(list_.tensors, {}));
    }
    return plan;
  }

 private:
  void outside_layers() {
    const std::int64_t vocabulary = shape_.vocabulary;
    list_.add(roles::token_embd, width_, vocabulary);
    const std::int64_t per_layer = std::int64_t{shape_.per_layer_embedding} * shape_.main_layers();
    if (per_layer > 0) {
      list_.add(roles::per_layer_token_embd, per_layer, vocabulary);
      list_.add(roles::per_layer_model_proj, width_, per_layer);
      list_.add(roles::per_layer_proj_norm, shape_.per_layer_embedding);
    }
    if (arch_.altup > 1) {
      list_.add(roles::altup_proj, width_, width_, arch_.altup - 1);
      list_.add(roles::altup_unembd_proj, width_, width_, arch_.altup - 1);
    }
    list_.add_named(roles::output_norm, arch_.output_norm_name, width_);
    if (arch_.norm_bias && arch_.output_norm_name == "output_norm.weight")
      list_.add_named(roles::output_norm, "output_norm.bias", width_);
    if (!shape_.tied_embeddings) list_.add(roles::output, width_, vocabulary);
    if (arch_.output_bias) list_.add(roles::output_bias, vocabulary);
    if (arch_.residual_checkpoint > 0) list_.add(roles::output_res_score, width_);
    if (const std::int64_t streams = arch_.hyper_connections; streams > 0) {
      list_.add(roles::output_hyper, streams * width_, streams);
      list_.add_named(roles::output_hyper_vector, "output_hc_base.weight", streams);
      list_.add_named(roles::output_hyper_vector, "output_hc_scale.weight", 1);
    }
    if (shape_.rope_factors) {
      int rotary = 0;
      for (const LayerShape& layer : shape_.layers) {
        if (layer.attention) rotary = layer.attention->key_dim;
      }
      if (arch_.rope_factors == RopeFactors::freqs) list_.add(roles::rope_freqs, rotary / 2);
      if (arch_.rope_factors == RopeFactors::long_short) {
        list_.add(roles::rope_long, rotary / 2);
        list_.add(roles::rope_short, rotary / 2);
      }
    }
  }

  void one_layer(const LayerShape& layer) {
    const bool mixes = layer.attention || layer.recurrent, feeds = layer.ffn.dense > 0 || layer.ffn.experts > 0;
    for (std::size_t n = 0; n < arch_.norms.size(); ++n) {
      // What a layer leaves out has no norm; where a layer is one block, the one norm is whichever block's.
      if (!arch_.one_block_a_layer && !(arch_.norms[n].starts_with("ffn") ? feeds : mixes)) continue;
      list_.add_named(roles::norm, arch_.norm_names[n], width_);
      if (arch_.norm_bias) list_.add_named(roles::norm, arch_.norm_bias_names[n], width_);
    }
    if (layer.attention) list_attention(list_, shape_, arch_, *layer.attention);
    if (layer.recurrent) list_recurrent(list_, shape_, arch_, *layer.recurrent);
    list_feed_forward(list_, shape_, arch_, layer.ffn);
    if (shape_.per_layer_embedding > 0) {
      list_.add(roles::inp_gate, width_, shape_.per_layer_embedding);
      list_.add(roles::proj, shape_.per_layer_embedding, width_);
      list_.add_named(roles::norm, "post_norm.weight", width_);
    }
    if (arch_.altup > 1) alternating_updates();
    if (arch_.residual_checkpoint > 0) {
      list_.add_named(roles::norm, "attn_res_score.weight", width_);
      list_.add_named(roles::norm, "ffn_res_score.weight", width_);
    }
    if (arch_.hyper_connections > 0) hyper_connections(arch_.hyper_connections);
    if (arch_.layer_scale) list_.add_named(roles::norm, "layer_output_scale.weight", 1);
    if (layer.mtp) {
      list_.add(roles::eh_proj, 2 * width_, width_);
      for (const std::string_view n : {"nextn.enorm.weight", "nextn.hnorm.weight", "nextn.shared_head_norm.weight"}) {
        list_.add_named(roles::norm, n, width_);
      }
      if (layer.mtp_tables) {
        list_.add(roles::mtp_embedding, width_, shape_.vocabulary);
        list_.add(roles::mtp_head, width_, shape_.vocabulary);
      }
    }
  }

  void hyper_connections(std::int64_t streams) {
    const std::int64_t mixed = (2 + streams) * streams;
    for (const auto& [fn, base, scale] : {std::array{"hc_attn_fn.weight", "hc_attn_base.weight", "hc_attn_scale.weight"},
                                          std::array{"hc_ffn_fn.weight", "hc_ffn_base.weight", "hc_ffn_scale.weight"}}) {
      list_.add_named(roles::hyper, fn, streams * width_, mixed);
      list_.add_named(roles::hyper_vector, base, mixed);
      list_.add_named(roles::hyper_vector, scale, 3);
    }
  }

  void alternating_updates() {
    const std::int64_t n = arch_.altup;
    list_.add_named(roles::altup_small, "altup_correct_coef.weight", n, n);
    list_.add_named(roles::altup_small, "altup_correct_scale.weight", width_);
    list_.add_named(roles::altup_small, "altup_predict_coef.weight", n, n * n);
    list_.add_named(roles::altup_small, "altup_router.weight", width_, n);
    list_.add_named(roles::altup_small, "altup_router_norm.weight", width_);
    list_.add_named(roles::laurel, "laurel_l.weight", width_, arch_.laurel_rank);
    list_.add_named(roles::laurel, "laurel_r.weight", arch_.laurel_rank, width_);
    list_.add_named(roles::norm, "laurel_post_norm.weight", width_);
  }

  const ModelShape& shape_;
  const Architecture& arch_;
  std::int64_t width_;
  TensorList list_;
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
