// From a record of the catalogue to the work that a model makes.
#include "hardscape/model_record.hpp"

#include <algorithm>

#include "hardscape/model_memory.hpp"
#include "hardscape/model_shape.hpp"
#include "hardscape/predict.hpp"
#include "predict/weight_layout_work.hpp"

namespace hardscape {
namespace {

using predict::layout_of;
using predict::learn_attention;

// A file and the layout of its name may differ by what a mix leaves open; beyond this it is another mix.
constexpr double k_same_layout = 1.5;

double or_zero(const std::optional<int>& value) { return value ? *value : 0; }

// `shape` and `weights` may be missing together.
Result<ModelWork> work_of(const ModelRecord& record, const ModelShape* shape, const ModelWeights* weights, std::string_view quant,
                          std::optional<Bytes> file) {
  const auto layout = weights != nullptr ? std::optional(layout_of(*shape, *weights)) : std::nullopt;
  std::optional<double> params;
  if (record.params) params = static_cast<double>(*record.params);
  else if (record.checked_params) params = static_cast<double>(*record.checked_params);
  std::optional<double> active;
  if (record.active_params) active = static_cast<double>(*record.active_params);
  if (!file && layout) file = Bytes{static_cast<std::int64_t>(layout->total)};
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
  else if (layout) work.recurrent_bytes = layout->state;
  if (!record.kv_per_token_f16 && layout) learn_attention(work, *shape, *weights);
  work.experts = record.experts && *record.experts > 1;
  work.experts_total = or_zero(record.experts);
  work.experts_active = or_zero(record.experts_active);
  const double per_param = work.weight_bytes / work.params;
  work.read_bytes = work.read_params * per_param;
  if (work.experts && record.expert_ffn)
    work.expert_bytes = 3.0 * work.experts_total * *record.expert_ffn * work.hidden *
                        (work.layers - or_zero(record.dense_first_layers)) * per_param;
  if (layout) {
    const double scale = work.weight_bytes / layout->total;
    if (scale < k_same_layout && scale > 1 / k_same_layout) {
      work.read_bytes = layout->read * scale;
      work.expert_bytes = layout->experts * scale;
    }
  }
  return work;
}

}  // namespace

Result<ModelWork> model_work(const ModelRecord& record, std::string_view quant, std::optional<Bytes> file) {
  // Nothing is laid out for formats and architectures whose layout is not known.
  const auto format = quantisation(quant);
  const auto shape = format && !format->mix.empty() ? shape_of(record) : Result<ModelShape>(Error{});
  const auto weights = shape ? weights_of(*shape, format->mix) : Result<ModelWeights>(Error{});
  return work_of(record, weights ? &*shape : nullptr, weights ? &*weights : nullptr, quant, file);
}

Result<ModelWork> model_work(const ModelRecord& record, const ModelShape& shape, const ModelWeights& weights, std::string_view quant,
                             std::optional<Bytes> file) {
  return work_of(record, &shape, &weights, quant, file);
}

}  // namespace hardscape
