// From a shape and its weights to the work that a model makes: files and configurations that no record describes.
#include <algorithm>
#include <tuple>
#include <utility>

#include "predict/weight_layout_work.hpp"

namespace hardscape {
namespace predict {
namespace {

double in_bytes(Bytes bytes) { return static_cast<double>(bytes.value); }

}  // namespace

Layout layout_of(const ModelShape& shape, const ModelWeights& weights) {
  constexpr double k_read_and_written = 2;
  const DecodeReads reads = decode_reads(shape, weights, 0);
  Layout out{in_bytes(weights.total()), in_bytes(reads.weights()), 0, in_bytes(reads.recurrent) / k_read_and_written};
  for (const auto& layer : weights.layers) out.experts += in_bytes(layer.experts);
  return out;
}

void learn_attention(ModelWork& work, const ModelShape& shape, const ModelWeights& weights) {
  constexpr std::int64_t k_near = 1 << 16, k_far = 1 << 17;
  constexpr double k_flop_per_pair = 4;
  const auto line = [](double near, double far) {
    const double slope = (far - near) / static_cast<double>(k_far - k_near);
    return std::pair(slope, std::max(0.0, near - slope * static_cast<double>(k_near)));
  };
  std::tie(work.kv_bytes_per_token, work.kv_window_bytes) =
      line(in_bytes(decode_reads(shape, weights, k_near).kv), in_bytes(decode_reads(shape, weights, k_far).kv));
  const auto [pairs, fixed] = line(pass_flops(shape, 1, k_near).attention.value / k_flop_per_pair,
                                   pass_flops(shape, 1, k_far).attention.value / k_flop_per_pair);
  work.attention_layers = pairs / work.attention_width;
  work.window_layers = work.kv_window_tokens > 0 ? fixed / (work.window_width * work.kv_window_tokens) : 0;
}

namespace {

// Layers that attend, their widths in the mean, and what they cache.
void learn_layers(ModelWork& work, const ModelShape& shape, const ModelWeights& weights) {
  constexpr double k_f16_bytes = 2;
  double everywhere = 0, in_window = 0;
  bool compressed = false;
  work.attention_layers = work.window_layers = work.kv_bytes_per_token = work.kv_window_bytes = 0;
  for (const LayerShape& layer : shape.layers) {
    if (layer.mtp) continue;
    if (layer.ffn.experts > 1 && !work.experts) {
      work.experts = true;
      work.experts_total = layer.ffn.experts;
      work.experts_active = layer.ffn.experts_active;
    }
    if (!layer.attention) continue;
    const AttentionShape& a = *layer.attention;
    compressed |= a.compression > 0;
    // Latent attention as engines run it: queries meet the latent keys, scores the latent values.
    const double width = a.kind == AttentionKind::latent ? a.heads * (a.latent_dim + a.rope_dim / 2.0)
                                                         : a.heads * (a.key_dim + a.value_dim) / 2.0;
    const double cached = a.shares_kv_of ? 0 : k_f16_bytes * static_cast<double>(a.key_width() + a.value_width());
    if (a.kind == AttentionKind::sliding) {
      work.window_layers += 1;
      in_window += width;
      work.kv_window_tokens = std::max<double>(work.kv_window_tokens, a.window);
      work.kv_window_bytes += cached * a.window;
    } else {
      work.attention_layers += 1;
      everywhere += width;
      work.kv_bytes_per_token += cached + (a.compression == 0 ? k_f16_bytes * a.indexer_dim : 0);
    }
  }
  work.window_width = work.window_layers > 0 ? in_window / work.window_layers : work.hidden;
  work.attention_width = work.attention_layers > 0 ? everywhere / work.attention_layers : work.window_width;
  if (compressed) learn_attention(work, shape, weights);
}

}  // namespace
}  // namespace predict

Result<ModelWork> model_work(const ModelShape& shape, const ModelWeights& weights, std::string_view quant) {
  const predict::Layout layout = predict::layout_of(shape, weights);
  const auto counted = [](const std::optional<std::int64_t>& published, std::int64_t own) {
    return static_cast<double>(own > 0 ? own : published.value_or(0));
  };
  const double params = counted(shape.params, parameters_of(shape));
  auto made = model_work(shape.name, params > 0 ? std::optional(params) : std::nullopt, std::nullopt, quant,
                         Bytes{static_cast<std::int64_t>(layout.total)});
  if (!made) return made;
  ModelWork work = *std::move(made);
  work.shape_assumed = false;
  work.layers = shape.main_layers();
  work.hidden = shape.hidden;
  work.read_params = std::min(work.params, counted(shape.active_params, active_parameters_of(shape)));
  if (work.read_params <= 0) work.read_params = work.params;
  predict::learn_layers(work, shape, weights);
  work.recurrent_bytes = layout.state;
  work.read_bytes = layout.read;
  work.expert_bytes = layout.experts;
  return work;
}

}  // namespace hardscape
