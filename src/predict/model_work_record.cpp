// From a record of the catalogue to the work that a model makes.
#include "hardscape/model_record.hpp"

#include <algorithm>

#include "hardscape/predict.hpp"

namespace hardscape {
namespace {

double or_zero(const std::optional<int>& value) { return value ? *value : 0; }

}  // namespace

Result<ModelWork> model_work(const ModelRecord& record, std::string_view quant, std::optional<Bytes> file) {
  std::optional<double> params;
  if (record.params) params = static_cast<double>(*record.params);
  else if (record.checked_params) params = static_cast<double>(*record.checked_params);
  std::optional<double> active;
  if (record.active_params) active = static_cast<double>(*record.active_params);
  if (!file && record.gguf) {
    if (record.gguf->q4_k_m && quant == "Q4_K_M") file = record.gguf->q4_k_m;
    if (record.gguf->q8_0 && quant == "Q8_0") file = record.gguf->q8_0;
  }
  auto made = model_work(record.name, params, active, quant, file);
  if (!made || !record.layers) return made;
  ModelWork work = *std::move(made);
  work.shape_assumed = false;
  work.layers = *record.layers;
  if (record.decode_read_params) work.read_params = std::min(work.params, static_cast<double>(*record.decode_read_params));
  if (record.hidden) work.hidden = *record.hidden;
  work.attention_layers = record.full_attention_layers ? *record.full_attention_layers : work.layers;
  work.window_layers = or_zero(record.sliding_window_layers);
  const double heads = or_zero(record.heads);
  const double head = or_zero(record.head_dim);
  work.window_width = heads > 0 && head > 0 ? heads * head : work.hidden;
  work.attention_width = heads > 0 && record.global_head_dim ? heads * *record.global_head_dim : work.window_width;
  // Latent attention as engines run it: queries meet the latent keys, scores the latent values.
  if (heads > 0 && record.mla_kv_lora_rank)
    work.attention_width = heads * (*record.mla_kv_lora_rank + or_zero(record.mla_rope_dim) / 2.0);
  if (record.kv_per_token_f16) work.kv_bytes_per_token = static_cast<double>(record.kv_per_token_f16->value);
  if (record.kv_windows_f16) work.kv_window_bytes = static_cast<double>(record.kv_windows_f16->value);
  work.kv_window_tokens = or_zero(record.swa_window_tokens);
  if (record.recurrent_state) work.recurrent_bytes = static_cast<double>(record.recurrent_state->value);
  work.experts = record.experts && *record.experts > 1;
  work.experts_total = or_zero(record.experts);
  work.experts_active = or_zero(record.experts_active);
  if (work.experts && record.expert_ffn)
    work.expert_params = 3.0 * work.experts_total * *record.expert_ffn * work.hidden *
                         (work.layers - or_zero(record.dense_first_layers));
  return work;
}

}  // namespace hardscape
