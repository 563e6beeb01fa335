#include "llm/tensor_list.hpp"
#include "llm/tensor_roles.hpp"

namespace hardscape::llm {
namespace {

void heads(TensorList& list, const ModelShape& shape, const Architecture& arch, const AttentionShape& a) {
  const std::int64_t width = shape.hidden;
  const std::int64_t q = std::int64_t{a.heads} * a.key_dim * (arch.gated_query ? 2 : 1);
  const std::int64_t k = a.key_width(), v = a.value_width();
  // Gemma 4's sharing layers have no keys and values of their own; Gemma 3n's keep the matrices in the file.
  const bool own = !a.shares_kv_of || arch.id == "gemma3n";
  if (arch.fused_qkv) {
    list.add(roles::attn_qkv, width, q + k + v);
  } else {
    list.add(roles::attn_q, width, q);
    if (own) list.add(roles::attn_k, width, k);
    if (own && !a.values_from_keys) list.add(roles::attn_v, width, v);
  }
  list.add(roles::attn_output, std::int64_t{a.heads} * a.value_dim, width);
  if (arch.gate_per_head) list.add(roles::attn_gate, width, a.heads);
  if (shape.attention_bias) {
    if (arch.bias_q) list.add_named(roles::attn_vector, "attn_q.bias", q);
    if (arch.bias_k) list.add_named(roles::attn_vector, "attn_k.bias", k);
    if (arch.bias_v) list.add_named(roles::attn_vector, "attn_v.bias", v);
    if (arch.bias_o) list.add_named(roles::attn_vector, "attn_output.bias", width);
  }
  if (shape.query_key_norm) {
    const bool full = arch.qk_norm == QueryKeyNorm::full;
    list.add_named(roles::attn_vector, "attn_q_norm.weight", full ? q : a.key_dim);
    if (own) list.add_named(roles::attn_vector, "attn_k_norm.weight", full ? k : a.key_dim);
  }
  if (arch.sinks) list.add_named(roles::attn_vector, "attn_sinks.weight", a.heads);
  if (a.indexer_dim > 0) {
    list.add(roles::indexer_q_proj, width, std::int64_t{a.indexer_heads} * a.indexer_dim);
    list.add(roles::indexer_k_proj, width, a.indexer_dim);
    list.add_named(roles::attn_vector, "indexer.q_norm.weight", a.indexer_dim);
    list.add_named(roles::attn_vector, "indexer.k_norm.weight", a.indexer_dim);
  }
}

void latent(TensorList& list, const ModelShape& shape, const Architecture& arch, const AttentionShape& a) {
  const std::int64_t width = shape.hidden;
  const std::int64_t q = std::int64_t{a.heads} * a.key_dim;
  if (a.query_rank > 0) {
    list.add(roles::attn_q_a, width, a.query_rank);
    list.add(roles::attn_q_b, a.query_rank, q);
    list.add_named(roles::attn_vector, "attn_q_a_norm.weight", a.query_rank);
  } else {
    list.add(roles::attn_q, width, q);
  }
  list.add(roles::attn_kv_a, width, a.key_width());
  list.add_named(roles::attn_vector, "attn_kv_a_norm.weight", a.latent_dim);
  list.add(roles::attn_k_b, a.key_dim - a.rope_dim, a.latent_dim, a.heads);
  list.add(roles::attn_v_b, a.latent_dim, a.value_dim, a.heads);
  if (arch.full_rank_gates) list.add(roles::attn_gate, width, std::int64_t{a.heads} * a.value_dim);
  list.add(roles::attn_output, std::int64_t{a.heads} * a.value_dim, width);
  if (a.indexer_dim > 0) {
    list.add(roles::indexer_proj, width, a.indexer_heads);
    list.add(roles::indexer_k, width, a.indexer_dim);
    list.add(roles::indexer_q, a.query_rank, std::int64_t{a.indexer_heads} * a.indexer_dim);
    list.add_named(roles::attn_vector, "indexer.k_norm.weight", a.indexer_dim);
    list.add_named(roles::attn_vector, "indexer.k_norm.bias", a.indexer_dim);
  }
}

// DeepSeek-V4: one key that is the value too, a window, and compressors whose entries lie beside it.
void compressed(TensorList& list, const ModelShape& shape, const AttentionShape& a) {
  const std::int64_t width = shape.hidden, out = std::int64_t{a.heads} * a.value_dim;
  list.add_named(roles::attn_vector, "attn_sinks.weight", a.heads);
  list.add(roles::attn_q_a, width, a.query_rank);
  list.add_named(roles::attn_vector, "attn_q_a_norm.weight", a.query_rank);
  list.add(roles::attn_q_b, a.query_rank, std::int64_t{a.heads} * a.key_dim);
  list.add(roles::attn_kv, width, a.key_dim);
  list.add_named(roles::attn_vector, "attn_kv_a_norm.weight", a.key_dim);
  if (a.output_groups > 0) {
    list.add(roles::attn_output_a, out / a.output_groups, std::int64_t{a.output_rank} * a.output_groups);
    list.add(roles::attn_output_b, std::int64_t{a.output_rank} * a.output_groups, width);
  }
  if (a.compression == 0) return;
  const std::int64_t overlap = a.indexer_dim > 0 ? 2 : 1;
  list.add_named(roles::compressor, "attn_compressor_kv.weight", width, overlap * a.key_dim);
  list.add_named(roles::compressor, "attn_compressor_gate.weight", width, overlap * a.key_dim);
  list.add_named(roles::compressor, "attn_compressor_ape.weight", overlap * a.key_dim, a.compression);
  list.add_named(roles::attn_vector, "attn_compressor_norm.weight", a.key_dim);
  if (a.indexer_dim == 0) return;
  list.add(roles::indexer_proj, width, a.indexer_heads);
  list.add(roles::indexer_q, a.query_rank, std::int64_t{a.indexer_heads} * a.indexer_dim);
  list.add_named(roles::compressor, "indexer_compressor_kv.weight", width, overlap * a.indexer_dim);
  list.add_named(roles::compressor, "indexer_compressor_gate.weight", width, overlap * a.indexer_dim);
  list.add_named(roles::compressor, "indexer_compressor_ape.weight", overlap * a.indexer_dim, a.compression);
  list.add_named(roles::attn_vector, "indexer_compressor_norm.weight", a.indexer_dim);
}

}  // namespace

void list_attention(TensorList& list, const ModelShape& shape, const Architecture& arch, const AttentionShape& a) {
  if (arch.compressed) {
    compressed(list, shape, a);
  } else if (a.kind == AttentionKind::latent) {
    latent(list, shape, arch, a);
  } else {
    heads(list, shape, arch, a);
  }
}

}  // namespace hardscape::llm
