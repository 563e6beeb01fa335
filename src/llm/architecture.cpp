#include "llm/architecture.hpp"

#include "llm/data_file.hpp"

namespace hardscape::llm {
namespace {

bool flag(const DataRow& row, const char* key) { return row.value(key, false); }

WindowPattern window_from(const DataRow& row) {
  const auto p = row.object("window_pattern");
  return p ? WindowPattern{p->value("period", 0), p->value("full_first", false)} : WindowPattern{};
}

std::optional<RecurrentKind> recurrent_from(const std::string& name) {
  if (name == "mamba2") return RecurrentKind::mamba2;
  if (name == "gated-delta-net") return RecurrentKind::gated_delta_net;
  if (name == "kimi-delta") return RecurrentKind::kimi_delta;
  if (name == "short-convolution") return RecurrentKind::short_convolution;
  return std::nullopt;
}

Architecture architecture_from(const DataRow& row) {
  Architecture a;
  a.id = row.value("id", "");
  a.model_types = row.texts("model_types");
  a.unsupported = row.value("unsupported", "");
  a.weights_unsupported = row.value("weights_unsupported", "");
  a.named_outside = flag(row, "named_outside");
  a.norms = row.contains("norms") ? row.texts("norms") : std::vector<std::string>{"attn_norm", "ffn_norm"};
  for (const std::string& n : a.norms) {
    a.norm_names.push_back(n + ".weight");
    a.norm_bias_names.push_back(n + ".bias");
  }
  a.output_norm_name = row.value("output_norm", "output_norm") + ".weight";
  const std::string norm = row.value("qk_norm", "");
  a.qk_norm = norm == "head" ? QueryKeyNorm::per_head : norm == "full" ? QueryKeyNorm::full : QueryKeyNorm::none;
  const std::string rope = row.value("rope_factors", "");
  a.rope_factors = rope == "freqs"        ? RopeFactors::freqs
                   : rope == "long-short" ? RopeFactors::long_short
                                          : RopeFactors::none;
  for (const std::string& b : row.texts("bias")) {
    a.bias_q |= b == "q";
    a.bias_k |= b == "k";
    a.bias_v |= b == "v";
    a.bias_o |= b == "o";
  }
  a.norm_bias = flag(row, "norm_bias");
  a.output_bias = flag(row, "output_bias");
  a.expert_bias = flag(row, "expert_bias");
  a.router_bias = flag(row, "router_bias");
  a.router_bias_name = row.value("router_bias_name", "exp_probs_b.bias");
  a.fused_qkv = flag(row, "fused_qkv");
  a.fused_gate_up = flag(row, "fused_gate_up");
  a.fused_expert_gate_up = flag(row, "fused_expert_gate_up");
  a.plain_ffn = flag(row, "plain_ffn");
  a.gated_query = flag(row, "gated_query");
  a.gate_per_head = row.value("attention_gate", "") == "head";
  a.sinks = flag(row, "sinks");
  a.shared_gate = flag(row, "shared_gate");
  a.fused_beta_alpha = flag(row, "fused_beta_alpha");
  a.latent = flag(row, "latent");
  a.indexer = flag(row, "indexer");
  a.sparse_indexer_after_dense = flag(row, "sparse_indexer_after_dense");
  a.compressed = flag(row, "compressed");
  a.hyper_connections = row.value("hyper_connections", 0);
  a.residual_checkpoint = row.value("residual_checkpoint", 0);
  a.full_rank_gates = flag(row, "full_rank_gates");
  a.one_block_a_layer = flag(row, "one_block_a_layer");
  a.recurrent_beside_attention = flag(row, "recurrent_beside_attention");
  a.layer_scale = flag(row, "layer_scale");
  a.rotates = row.value("rope", true);
  a.weights_before_experts = flag(row, "weights_before_experts");
  const std::string rows = row.value("rows_last", "");
  a.wanted_rows = rows == "stream" ? WantedRows::before_output_norm
                  : rows == "norm" ? WantedRows::after_output_norm
                                   : WantedRows::in_last_layer;
  a.experts_format = row.value("experts_format", "");
  a.altup = row.value("altup", 0);
  a.laurel_rank = row.value("laurel_rank", 0);
  a.per_layer_width = row.value("per_layer_width", 0);
  a.window = window_from(row);
  a.recurrent = recurrent_from(row.value("recurrent", ""));
  a.recurrent_period = row.value("recurrent_period", 0);
  return a;
}

std::optional<bool> maybe_flag(const DataRow& row, const char* key) {
  if (!row.contains(key)) return std::nullopt;
  return row.value(key, true);
}

struct MatchedLayers {
  std::string match;
  ModelLayers layers;
};

ModelLayers layers_from(const DataRow& row) {
  ModelLayers m;
  m.architecture = row.value("architecture", "");
  m.weights_unsupported = row.value("weights_unsupported", "");
  m.rope_factors = maybe_flag(row, "rope_factors");
  m.bias = maybe_flag(row, "bias");
  m.router_bias = maybe_flag(row, "router_bias");
  m.query_key_norm = maybe_flag(row, "qk_norm");
  if (row.contains("window_pattern")) m.window = window_from(row);
  m.full_layers = row.integers("full_layers");
  m.attention_layers = row.integers("attention_layers");
  m.blocks = row.value("blocks", "");
  for (const DataRow& run : row.rows("runs")) {
    m.runs.push_back({run.value("layers", 0), run.value("kv_heads", 0), run.value("ffn", 0)});
  }
  m.compression = row.integers("compression");
  m.hash_layers = row.value("hash_layers", 0);
  m.output_groups = row.value("output_groups", 0);
  m.output_rank = row.value("output_rank", 0);
  m.query_rank = row.value("query_rank", 0);
  m.nope_dim = row.value("nope_dim", 0);
  m.rope_dim = row.value("rope_dim", 0);
  m.moe_step = row.value("moe_step", 1);
  m.shared_ffn = row.value("shared_ffn", 0);
  m.latent_ffn = row.value("latent_ffn", 0);
  m.wide_ffn_in_shared_layers = row.value("wide_ffn_in_shared_layers", 1);
  m.sliding_heads = row.value("sliding_heads", 0);
  m.mtp_layers = row.value("mtp_layers", 0);
  m.mtp_tables = flag(row, "mtp_tables");
  if (row.contains("per_layer_width")) m.per_layer_width = row.value("per_layer_width", 0);
  m.values_from_keys = flag(row, "values_from_keys");
  if (const auto x = row.object("indexer")) {
    m.indexer_heads = x->value("heads", 0);
    m.indexer_dim = x->value("dim", 0);
    m.indexer_top_k = x->value("top_k", 0);
    m.indexer_every_fourth = x->contains("layers");
  }
  if (const auto r = row.object("recurrent")) {
    m.conv_kernel = r->value("conv_kernel", 0);
    m.state_dim = r->value("state_dim", 0);
    m.groups = r->value("groups", 0);
    m.head_dim = r->value("head_dim", 0);
    m.inner = r->value("inner", 0);
  }
  return m;
}

}  // namespace

bool matches(std::string_view pattern, std::string_view id) {
  if (!pattern.empty() && pattern.back() == '*') return id.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == id;
}

const std::vector<Architecture>& architectures() {
  static const std::vector<Architecture> rows = [] {
    std::vector<Architecture> out;
    const DataFile file("architectures/architectures.json");
    for (const DataRow& row : file.rows("architectures")) out.push_back(architecture_from(row));
    return out;
  }();
  return rows;
}

const Architecture* find_architecture(std::string_view id) {
  for (const Architecture& a : architectures()) {
    if (a.id == id) return &a;
  }
  return nullptr;
}

const Architecture* architecture_of_model_type(std::string_view model_type) {
  for (const Architecture& a : architectures()) {
    for (const std::string& type : a.model_types) {
      if (type == model_type) return &a;
    }
  }
  return nullptr;
}

const ModelLayers* layers_of_model(std::string_view id) {
  static const std::vector<MatchedLayers> rows = [] {
    std::vector<MatchedLayers> out;
    const DataFile file("architectures/model_layers.json");
    for (const DataRow& row : file.rows("models")) out.push_back({row.value("match", ""), layers_from(row)});
    return out;
  }();
  for (const MatchedLayers& row : rows) {
    if (matches(row.match, id)) return &row.layers;
  }
  return nullptr;
}

}  // namespace hardscape::llm
