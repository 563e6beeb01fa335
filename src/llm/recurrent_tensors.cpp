#include "llm/tensor_list.hpp"
#include "llm/tensor_roles.hpp"

namespace hardscape::llm {

void list_recurrent(TensorList& list, const ModelShape& shape, const Architecture& arch, const RecurrentShape& r) {
  const std::int64_t width = shape.hidden;
  switch (r.kind) {
    case RecurrentKind::mamba2:
      list.add(roles::ssm_in, width, r.inner + r.conv_channels + r.heads);
      list.add(roles::ssm_conv, r.conv_kernel, r.conv_channels);
      list.add_named(roles::ssm_vector, "ssm_conv1d.bias", r.conv_channels);
      list.add_named(roles::ssm_vector, "ssm_dt.bias", r.heads);
      list.add_named(roles::ssm_vector, "ssm_a", 1, r.heads);
      list.add_named(roles::ssm_vector, "ssm_d", 1, r.heads);
      if (r.groups > 0) list.add_named(roles::ssm_vector, "ssm_norm.weight", r.inner / r.groups, r.groups);
      list.add(roles::ssm_out, r.inner, width);
      break;
    case RecurrentKind::gated_delta_net:
      list.add(roles::attn_qkv, width, r.conv_channels);
      list.add(roles::attn_gate, width, r.inner);
      list.add(roles::ssm_conv, r.conv_kernel, r.conv_channels);
      list.add_named(roles::ssm_vector, "ssm_dt.bias", r.heads);
      list.add_named(roles::ssm_vector, "ssm_a", r.heads);
      if (arch.fused_beta_alpha) {
        list.add(roles::ssm_beta_alpha, width, 2 * std::int64_t{r.heads});
      } else {
        list.add(roles::ssm_beta, width, r.heads);
        list.add(roles::ssm_alpha, width, r.heads);
      }
      list.add_named(roles::ssm_vector, "ssm_norm.weight", r.state_dim);
      list.add(roles::ssm_out, r.inner, width);
      break;
    case RecurrentKind::kimi_delta:
      list.add(roles::attn_q, width, r.inner);
      list.add(roles::attn_k, width, r.inner);
      list.add(roles::attn_v, width, r.inner);
      for (const std::string_view n : {"ssm_conv1d_q.weight", "ssm_conv1d_k.weight", "ssm_conv1d_v.weight"}) {
        list.add_named(roles::ssm_conv, n, r.conv_kernel, 1, r.inner);
      }
      list.add(roles::ssm_f_a, width, r.state_dim);
      list.add(roles::ssm_f_b, r.state_dim, r.inner);
      list.add(roles::ssm_beta, width, r.heads);
      list.add_named(roles::ssm_vector, "ssm_a", arch.full_rank_gates ? r.heads : 1, arch.full_rank_gates ? 1 : r.heads);
      list.add_named(roles::ssm_vector, "ssm_dt.bias", r.inner);
      if (arch.full_rank_gates) {
        list.add(roles::ssm_g, width, r.inner);
      } else {
        list.add(roles::ssm_g_a, width, r.state_dim);
        list.add(roles::ssm_g_b, r.state_dim, r.inner);
      }
      list.add_named(roles::ssm_vector, "ssm_norm.weight", r.state_dim);
      list.add(roles::attn_output, r.inner, width);
      break;
    case RecurrentKind::short_convolution:
      list.add(roles::shortconv_conv, r.conv_kernel, width);
      list.add(roles::shortconv_in, width, 3 * width);
      list.add(roles::shortconv_out, width, width);
      break;
  }
}

}  // namespace hardscape::llm
