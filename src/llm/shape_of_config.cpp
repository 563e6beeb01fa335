#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/json_reading.hpp"
#include "base/text.hpp"
#include "hardscape/model_shape.hpp"
#include "llm/shape_facts.hpp"

namespace hardscape {
namespace {

using llm::ShapeFacts;
using nlohmann::json;


// Reads a config by any of the names that a value goes by; remembers the first key of a wrong type.
class Config {
 public:
  explicit Config(const json& object) : object_(object) {}

  const json* find(std::initializer_list<const char*> names) const {
    for (const char* name : names) {
      const auto it = object_.find(name);
      if (it != object_.end() && !it->is_null()) return &*it;
    }
    return nullptr;
  }
  std::int64_t wide(std::initializer_list<const char*> names, std::int64_t otherwise = 0) {
    const json* v = find(names);
    if (v == nullptr) return otherwise;
    if (!v->is_number_integer() ||
        (v->is_number_unsigned() && v->get<std::uint64_t>() > static_cast<std::uint64_t>(llm::k_most_of_anything)) ||
        v->get<std::int64_t>() < 0 || v->get<std::int64_t>() > llm::k_most_of_anything) {
      if (wrong_.empty()) wrong_ = *names.begin();
      return otherwise;
    }
    return v->get<std::int64_t>();
  }
  int number(std::initializer_list<const char*> names, int otherwise = 0) {
    return static_cast<int>(wide(names, otherwise));
  }
  bool flag(const char* name, bool otherwise = false) const {
    const json* v = find({name});
    return v != nullptr && v->is_boolean() ? v->get<bool>() : otherwise;
  }
  // Of a list; a number that is none is read as an absurd one.
  std::vector<int> list(const char* name) const {
    std::vector<int> out;
    const json* v = find({name});
    if (v == nullptr || !v->is_array()) return out;
    for (const json& n : *v) {
      out.push_back(n.is_number_integer() ? static_cast<int>(std::clamp<std::int64_t>(n.get<std::int64_t>(), -1, llm::k_most_of_anything)) : -1);
    }
    return out;
  }
  std::string text(const char* name) const {
    const json* v = find({name});
    return v != nullptr && v->is_string() ? v->get<std::string>() : std::string();
  }
  const std::string& wrong() const { return wrong_; }

 private:
  const json& object_;
  std::string wrong_;
};

void set_layers(ShapeFacts& f, const Config& c) {
  if (f.architecture->compressed) return;  // compress_ratios says it
  const json* types = c.find({"layer_types", "layers_block_type"});
  if (types == nullptr || !types->is_array()) return;
  std::vector<bool> sliding, recurrent;
  bool any_sliding = false, any_recurrent = false;
  for (const json& t : *types) {
    const std::string type = t.is_string() ? t.get<std::string>() : std::string();
    sliding.push_back(type == "sliding_attention" || type == "chunked_attention");
    recurrent.push_back(type == "linear_attention" || type == "mamba" || type == "conv");
    any_sliding |= sliding.back();
    any_recurrent |= recurrent.back();
  }
  if (any_sliding) f.sliding = std::move(sliding);
  if (any_recurrent) f.recurrent_layer = std::move(recurrent);
  // A list that names no window switches windows off.
  if (!any_sliding) f.window = 0;
}

void set_attention(ShapeFacts& f, Config& c) {
  const int heads = c.number({"num_attention_heads", "n_head"});
  f.heads = {heads};
  f.kv_heads = {c.number({"num_key_value_heads", "num_kv_heads"}, heads)};
  const int usual = heads > 0 ? static_cast<int>(f.hidden / heads) : 0;
  f.key_dim = c.number({"head_dim"}, usual);
  f.value_dim = c.number({"v_head_dim"}, f.key_dim);
  if (const int wide = c.number({"global_head_dim"}); wide > 0) {
    f.key_dim_sliding = f.value_dim_sliding = f.key_dim;
    f.key_dim = f.value_dim = wide;
  }
  if (const int kv = c.number({"num_global_key_value_heads"}); kv > 0) {
    f.kv_heads_sliding = f.kv_heads.front();
    f.kv_heads = {kv};
    f.values_from_keys = c.flag("attention_k_eq_v");
  }
  if (f.architecture->latent) {
    f.latent_dim = c.number({"kv_lora_rank"});
    f.rope_dim = c.number({"qk_rope_head_dim"});
    f.query_rank = c.number({"q_lora_rank"});
    f.key_dim = c.number({"qk_nope_head_dim"}) + f.rope_dim;
    f.value_dim = c.number({"v_head_dim"});
  }
  f.indexer_heads = c.number({"index_n_heads"});
  f.indexer_dim = c.number({"index_head_dim"});
  f.indexer_top_k = c.number({"index_topk"});
  if (f.architecture->compressed) {
    f.window = c.number({"sliding_window", "window_size"});
    f.rope_dim = c.number({"qk_rope_head_dim"});
    f.query_rank = c.number({"q_lora_rank"});
    f.compression = c.list("compress_ratios");
    f.output_groups = c.number({"o_groups"});
    f.output_rank = c.number({"o_lora_rank"});
    f.hash_layers = c.number({"num_hash_layers", "n_hash_layers"});
    return;
  }
  const bool windows = f.architecture->window.period > 0 && c.flag("use_sliding_window", true);
  if (windows) {
    f.window = c.number({"sliding_window", "attention_chunk_size"});
    f.pattern = f.architecture->window;
    f.pattern.period = c.number({"sliding_window_pattern", "_sliding_window_pattern"}, f.pattern.period);
  }
  if (const int shared = c.number({"num_kv_shared_layers"}); shared > 0 && shared < f.layers) {
    f.kv_layers_from_start = f.layers - shared;
    if (c.flag("use_double_wide_mlp")) f.wide_ffn_in_shared_layers = 2;
  }
}

void set_feed_forward(ShapeFacts& f, Config& c) {
  f.ffn = c.list("intermediate_size");
  if (f.ffn.empty()) {
    f.ffn = {c.number({"intermediate_size_mlp", "intermediate_size", "ffn_hidden_size", "block_ff_dim"})};
  }
  f.experts = c.number({"num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts"});
  f.experts_active = c.number({"num_experts_per_tok", "num_experts_per_token", "moe_k", "moe_topk"});
  const int expert = c.number({"moe_intermediate_size", "intermediate_size"});
  f.expert_ffn = {expert};
  f.shared_ffn =
      c.number({"shared_expert_intermediate_size", "shared_intermediate_size", "moe_shared_expert_intermediate_size"});
  const int shared = c.number({"n_shared_experts", "num_shared_experts", "moe_num_shared_experts"});
  if (f.shared_ffn == 0) f.shared_ffn = llm::width_together(shared, expert);
  if (f.architecture->id == "llama4") f.shared_ffn = expert;
  f.dense_first = c.number({"first_k_dense_replace", "num_dense_layers", "moe_layer_start_index"});
  f.moe_step = std::max(1, c.number({"interleave_moe_layer_step", "moe_layer_interval"}, 1));
  f.latent_ffn = c.number({"moe_latent_size", "routed_expert_hidden_size"});
}

// Puzzle NAS: each layer says whether it attends, with how many query heads a KV head, and how wide its network is.
Status set_blocks(ShapeFacts& f, const Config& c) {
  const json* blocks = c.find({"block_configs"});
  if (blocks == nullptr || !blocks->is_array()) return Done{};
  if (blocks->size() != static_cast<std::size_t>(std::max(0, f.layers)))
    return Error{ErrorCode::malformed, fmt::format("{}: 'block_configs' describes {} layers of {}", f.id, blocks->size(), f.layers)};
  const int heads = f.heads.front();
  f.heads.clear();
  f.kv_heads.clear();
  f.ffn.clear();
  for (const json& block : *blocks) {
    const auto part = [&block](const char* name) {
      const auto it = block.is_object() ? block.find(name) : block.end();
      return it != block.end() && it->is_object() ? *it : json::object();
    };
    const json attention = part("attention"), ffn = part("ffn");
    const Config a(attention), n(ffn);
    if (a.flag("replace_with_linear") || n.flag("replace_with_linear")) {
      return Error{ErrorCode::unsupported, fmt::format("{}: layer {} is replaced by a single matrix, which is not modelled",
                                                       f.id, f.heads.size())};
    }
    Config counts(attention);
    const int group = a.flag("no_op") ? 0 : counts.number({"n_heads_in_group"});
    f.heads.push_back(group > 0 ? heads : 0);
    f.kv_heads.push_back(group > 0 ? heads / group : 0);
    const json* mult = n.find({"ffn_mult"});
    const double times = mult != nullptr && mult->is_number() ? mult->get<double>() : 0;
    // Two thirds of the multiple of the width, in steps of 256.
    const double width = std::clamp(std::floor(2 * times * static_cast<double>(f.hidden) / 3), 0.0, static_cast<double>(llm::k_most_of_anything));
    f.ffn.push_back(n.flag("no_op") ? 0 : static_cast<int>((static_cast<std::int64_t>(width) + 255) / 256 * 256));
  }
  return Done{};
}

// The layers that are not recurrent, counted from `first`.
void set_attending(ShapeFacts& f, const std::vector<int>& layers, int first) {
  if (layers.empty() || f.layers <= 0 || f.layers > 4096) return;
  f.recurrent_layer.assign(static_cast<std::size_t>(f.layers), true);
  for (const int layer : layers) {
    if (layer >= first && layer - first < f.layers) f.recurrent_layer[static_cast<std::size_t>(layer - first)] = false;
  }
}

void set_recurrent(ShapeFacts& f, Config& c) {
  if (!f.architecture->recurrent) return;
  RecurrentShape& r = f.recurrent;
  r.kind = *f.architecture->recurrent;
  switch (r.kind) {
    case RecurrentKind::short_convolution:
      r.conv_kernel = c.number({"conv_L_cache"});
      r.conv_channels = f.hidden;
      break;
    case RecurrentKind::kimi_delta:
      if (const json* linear = c.find({"linear_attn_config"}); linear != nullptr && linear->is_object()) {
        Config l(*linear);
        set_attending(f, l.list("full_attn_layers"), 1);
        r.state_dim = l.number({"head_dim"});
        r.heads = l.number({"num_heads"});
        r.conv_kernel = l.number({"short_conv_kernel_size"}, 4);
      }
      r.groups = r.heads;
      r.inner = std::int64_t{r.heads} * r.state_dim;
      r.conv_channels = 3 * r.inner;
      break;
    case RecurrentKind::gated_delta_net:
      r.state_dim = c.number({"linear_key_head_dim"});
      r.groups = c.number({"linear_num_key_heads"});
      r.heads = c.number({"linear_num_value_heads"});
      r.inner = std::int64_t{r.heads} * c.number({"linear_value_head_dim"});
      r.conv_kernel = c.number({"linear_conv_kernel_dim"});
      r.conv_channels = r.inner + std::int64_t{2} * r.groups * r.state_dim;
      break;
    case RecurrentKind::mamba2:
      r.state_dim = c.number({"mamba_d_state", "ssm_state_size"});
      r.groups = c.number({"mamba_n_groups", "n_groups"});
      r.heads = c.number({"mamba_n_heads", "mamba_num_heads"});
      r.inner = std::int64_t{r.heads} * c.number({"mamba_d_head", "mamba_head_dim"});
      r.conv_kernel = c.number({"mamba_d_conv", "conv_kernel"});
      r.conv_channels = r.inner + std::int64_t{2} * r.groups * r.state_dim;
      break;
  }
  const std::string pattern = c.text("hybrid_override_pattern");
  if (f.architecture->one_block_a_layer) {
    for (const char ch : pattern.substr(0, 4096)) f.blocks.push_back(static_cast<llm::BlockKind>(ch));
    f.layers = static_cast<int>(f.blocks.size());
  }
  set_attending(f, c.list("full_attn_idxs"), 0);
}

}  // namespace

Result<ModelShape> shape_of_config(std::string_view text, std::string_view name) {
  const std::string place = printable(name);
  const json document = parse_json(text, place).value_or(json());
  if (!document.is_object()) {
    return Error{ErrorCode::malformed, fmt::format("{}: it is no JSON object", place)};
  }
  Config outer(document);
  const json* inner = outer.find({"text_config", "llm_config"});
  const json& object = inner != nullptr && inner->is_object() ? *inner : document;
  Config c(object);
  std::string type = c.text("model_type");
  const llm::Architecture* architecture = llm::architecture_of_model_type(type);
  if (const llm::Architecture* outside = llm::architecture_of_model_type(outer.text("model_type"));
      outside != nullptr && (architecture == nullptr || outside->named_outside)) {
    architecture = outside;
  }
  if (architecture == nullptr) {
    return Error{ErrorCode::unsupported,
                 type.empty()
                     ? fmt::format("{}: 'model_type' is missing or is not a string", place)
                     : fmt::format("{}: model_type '{}' is not known here, so what it caches and computes is not "
                                   "known either",
                                   place, printable(type))};
  }
  ShapeFacts f;
  f.architecture = architecture;
  f.id = place;
  f.name = printable(outer.text("_name_or_path"));
  f.layers = c.number({"num_hidden_layers", "n_layer", "num_layers"});
  f.hidden = c.wide({"hidden_size", "n_embd"});
  f.vocabulary = c.wide({"vocab_size"});
  f.context = c.wide({"max_position_embeddings", "n_positions"});
  set_attention(f, c);
  set_layers(f, c);
  set_feed_forward(f, c);
  if (Status blocks = set_blocks(f, c); !blocks) return std::move(blocks).error();
  set_recurrent(f, c);
  f.per_layer_width = c.number({"hidden_size_per_layer_input"});
  f.tied = c.flag("tie_word_embeddings", outer.flag("tie_word_embeddings", architecture->id.starts_with("gemma")));
  f.rope_factors = architecture->rope_factors != llm::RopeFactors::none && c.find({"rope_scaling"}) != nullptr;
  f.query_key_norm = architecture->qk_norm != llm::QueryKeyNorm::none && c.flag("use_qk_norm", true);
  f.attention_bias = architecture->bias_q && c.flag("attention_bias", true);
  if (!c.wrong().empty()) {
    return Error{ErrorCode::malformed, fmt::format("{}: '{}' is not a count from 0 to {}", place, c.wrong(), llm::k_most_of_anything)};
  }
  if (f.layers == 0) return Error{ErrorCode::malformed, fmt::format("{}: 'num_hidden_layers' is missing", place)};
  if (f.hidden == 0) return Error{ErrorCode::malformed, fmt::format("{}: 'hidden_size' is missing", place)};
  Result<ModelShape> shape = llm::build_shape(f);
  if (shape) {
    shape->weights_unknown.clear();
    if (outer.find({"vision_config"}) != nullptr) shape->vision_unknown = "a config.json does not say all of it; give the mmproj file";
  }
  return shape;
}

}  // namespace hardscape
