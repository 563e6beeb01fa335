// What data/architectures/ says: the tensors and layer patterns of an architecture, and of catalogue models.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/model_shape.hpp"

namespace hardscape::llm {

enum class QueryKeyNorm { none, per_head, full };
enum class RopeFactors { none, freqs, long_short };

// Where a graph picks the tokens whose logits are wanted.
enum class WantedRows { in_last_layer, before_output_norm, after_output_norm };

struct WindowPattern {
  int period = 0;           // one full layer in so many; 0: no windows by default
  bool full_first = false;  // the full one leads its group
};

struct Architecture {
  std::string id;
  std::vector<std::string> model_types;
  std::string unsupported;  // why it is refused; empty: it is not
  std::string weights_unsupported;
  bool named_outside = false;  // config.json names it beside the text part, which has another model_type
  std::vector<std::string> norms;                        // of the model's width, one each a layer
  std::vector<std::string> norm_names, norm_bias_names;  // the same as tensor names
  std::string output_norm_name;                          // "output_norm.weight"
  QueryKeyNorm qk_norm = QueryKeyNorm::none;
  RopeFactors rope_factors = RopeFactors::none;
  bool bias_q = false, bias_k = false, bias_v = false, bias_o = false;
  bool norm_bias = false, output_bias = false, expert_bias = false, router_bias = false;
  std::string router_bias_name = "exp_probs_b.bias";
  bool fused_qkv = false, fused_gate_up = false, fused_expert_gate_up = false, plain_ffn = false;
  bool gated_query = false, gate_per_head = false, sinks = false, shared_gate = false, fused_beta_alpha = false;
  bool latent = false, indexer = false, sparse_indexer_after_dense = false;
  bool compressed = false;           // DeepSeek-V4's windows and compressed entries
  int hyper_connections = 0;         // residual streams that every block mixes (DeepSeek-V4)
  int residual_checkpoint = 0;       // every so many layers the stream is kept and mixed in later (Kimi K3)
  bool full_rank_gates = false;      // of attention's results (Kimi K3)
  bool one_block_a_layer = false, recurrent_beside_attention = false;
  bool layer_scale = false;
  bool rotates = true;                  // queries and keys
  bool weights_before_experts = false;  // the router's weights scale what goes into an expert, not what comes out
  WantedRows wanted_rows = WantedRows::in_last_layer;
  std::string experts_format;  // that GGUF files keep the experts in whatever the mix (gpt-oss); empty: the mix's
  int altup = 0, laurel_rank = 0, per_layer_width = 0;
  WindowPattern window;
  std::optional<RecurrentKind> recurrent;
  int recurrent_period = 0;  // attention every so many layers; 0: only lists say
};

// Layer facts of a catalogue model beyond its record; absent members follow the architecture.
struct LayerRun {
  int layers = 0, kv_heads = 0, ffn = 0;  // without KV heads: no attention
};

struct ModelLayers {
  std::string architecture;
  std::string weights_unsupported;
  std::optional<bool> rope_factors, bias, router_bias, query_key_norm;
  std::optional<WindowPattern> window;
  std::vector<int> full_layers, attention_layers;
  std::string blocks;          // M Mamba, * attention, - dense network, E experts
  std::vector<LayerRun> runs;  // of models whose layers differ one by one
  std::vector<int> compression;  // tokens an entry: those of the first layers, then the last two by turns
  int hash_layers = 0, output_groups = 0, output_rank = 0;
  int query_rank = 0, nope_dim = 0, rope_dim = 0, moe_step = 1, shared_ffn = 0, latent_ffn = 0, wide_ffn_in_shared_layers = 1;
  int sliding_heads = 0;
  int mtp_layers = 0;         // at the end of published files, beyond the record's layers
  bool mtp_tables = false;
  std::optional<int> per_layer_width;
  bool values_from_keys = false;
  int indexer_heads = 0, indexer_dim = 0, indexer_top_k = 0;
  bool indexer_every_fourth = false;
  int conv_kernel = 0, state_dim = 0, groups = 0, head_dim = 0, inner = 0;
};

const std::vector<Architecture>& architectures();
const Architecture* find_architecture(std::string_view id);
const Architecture* architecture_of_model_type(std::string_view model_type);
// '*' stands for any run of characters, at the end only.
bool matches(std::string_view pattern, std::string_view id);
// First row whose pattern matches the catalogue id; null when none does.
const ModelLayers* layers_of_model(std::string_view id);

}  // namespace hardscape::llm
