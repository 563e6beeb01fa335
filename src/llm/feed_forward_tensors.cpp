#include "llm/tensor_list.hpp"
#include "llm/tensor_roles.hpp"

namespace hardscape::llm {

void list_feed_forward(TensorList& list, const ModelShape& shape, const Architecture& arch, const FeedForwardShape& f) {
  const std::int64_t width = shape.hidden;
  if (f.dense > 0) {
    if (!arch.plain_ffn && !arch.fused_gate_up) list.add(roles::ffn_gate, width, f.dense);
    list.add(roles::ffn_up, width, std::int64_t{f.dense} * (arch.fused_gate_up ? 2 : 1));
    list.add(roles::ffn_down, f.dense, width);
  }
  if (f.experts == 0) return;
  list.add(roles::router, width, f.experts);
  if (f.routed_by_token) list.add(roles::token_experts, f.experts_active, shape.vocabulary);
  if (arch.router_bias && !f.routed_by_token) list.add_named(roles::router_bias, arch.router_bias_name, f.experts);
  const std::int64_t inside = f.latent > 0 ? f.latent : width;
  if (f.latent > 0) {
    const bool normed = arch.residual_checkpoint > 0;  // Kimi K3 calls them otherwise
    list.add_named(roles::latent_down, normed ? "ffn_routed_down.weight" : roles::latent_down.suffix, width, inside);
    list.add_named(roles::latent_up, normed ? "ffn_routed_up.weight" : roles::latent_up.suffix, inside, width);
    if (normed) list.add_named(roles::router_bias, "ffn_routed_norm.weight", inside);
  }
  if (arch.fused_expert_gate_up) {
    list.add(roles::gate_up_exps, inside, 2 * std::int64_t{f.expert}, f.experts);
  } else {
    if (!arch.plain_ffn) list.add(roles::gate_exps, inside, f.expert, f.experts);
    list.add(roles::up_exps, inside, f.expert, f.experts);
  }
  list.add(roles::down_exps, f.expert, inside, f.experts);
  if (arch.expert_bias) {
    list.add_named(roles::router_bias, "ffn_gate_inp.bias", f.experts);
    list.add_named(roles::expert_bias, "ffn_gate_exps.bias", f.expert, f.experts);
    list.add_named(roles::expert_bias, "ffn_up_exps.bias", f.expert, f.experts);
    list.add_named(roles::expert_bias, "ffn_down_exps.bias", width, f.experts);
  }
  if (arch.id == "gemma4") {
    list.add_named(roles::router_bias, "ffn_gate_inp.scale", width);
    list.add_named(roles::expert_bias, "ffn_down_exps.scale", f.experts);
    for (const std::string_view n : {"pre_ffw_norm_2.weight", "post_ffw_norm_1.weight", "post_ffw_norm_2.weight"}) {
      list.add_named(roles::norm, n, width);
    }
  }
  if (f.shared > 0) {
    if (arch.shared_gate) list.add(roles::shexp_gate, width);
    if (!arch.plain_ffn) list.add(roles::gate_shexp, width, f.shared);
    list.add(roles::up_shexp, width, f.shared);
    list.add(roles::down_shexp, f.shared, width);
  }
}

}  // namespace hardscape::llm
