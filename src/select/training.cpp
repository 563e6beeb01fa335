#include "select/training.hpp"

#include <cmath>

namespace hardscape::select {
namespace {

// Bytes a parameter: 16-bit weights, 16-bit gradients, 32-bit master weights and two Adam moments (Korthikanti 2022).
constexpr double k_full_bytes = 16;
constexpr double k_half_bytes = 2;
// NF4 with doubly quantised scales: 4.127 bits (Dettmers 2023).
constexpr double k_nf4_bytes = 4.127 / 8;
// Adapters of rank 16 on all projections are about 1 % of the model, trained in full.
constexpr double k_adapter_share = 0.01;
// Activations of one layer without recomputation, per token and hidden unit (Korthikanti 2022).
constexpr double k_layer_activation = 34;
constexpr double k_logit_bytes = 8;   // logits and their gradient in 32 bits
constexpr double k_runtime_bytes = 1.2e9;

// Forward and backward through frozen weights: two passes of 2 flops a parameter, and the recomputed forward.
constexpr double k_flops_per_param = 6;
// Dequantising in every pass; QLoRA runs at about three quarters of LoRA's speed.
constexpr double k_qlora_speed = 0.75;
// Share of the peak that published runs kept over their whole wall-clock time, P10, P50, P90 (docs/models.md).
constexpr double k_use_low = 0.26, k_use_mid = 0.39, k_use_high = 0.48;
// What a further device adds when gradients and shards cross a bus, or a fast link.
constexpr double k_bus_gain = 0.6, k_link_gain = 0.9;

}  // namespace

Bytes training_memory(const TrainedModel& m, TrainingMethod method) {
  const double weights = method == TrainingMethod::full ? k_full_bytes * m.params
                         : method == TrainingMethod::lora
                             ? (k_half_bytes + k_adapter_share * k_full_bytes) * m.params
                             : (k_nf4_bytes + k_adapter_share * k_full_bytes) * m.params;
  const double kept = m.layers * m.tokens * m.hidden * k_half_bytes;      // one checkpoint a layer
  const double in_work = m.tokens * m.hidden * k_layer_activation;        // the layer being recomputed
  const double logits = m.tokens * m.vocabulary * k_logit_bytes;
  return Bytes{static_cast<std::int64_t>(std::llround(weights + kept + in_work + logits))};
}

std::optional<TrainingSpeed> training_speed(const TrainedModel& m, Bytes free, FlopsPerSecond matrix, int devices,
                                            bool fast_link) {
  const double room = (static_cast<double>(free.value) - k_runtime_bytes) * devices;
  const double gain = 1 + (devices - 1) * (fast_link ? k_link_gain : k_bus_gain);
  for (const TrainingMethod method : {TrainingMethod::lora, TrainingMethod::qlora}) {
    if (static_cast<double>(training_memory(m, method).value) > room) continue;
    const double slowdown = method == TrainingMethod::qlora ? k_qlora_speed : 1;
    const double peak = matrix.value * gain * slowdown / (k_flops_per_param * m.active_params);
    return TrainingSpeed{method, Estimate{peak * k_use_low, peak * k_use_mid, peak * k_use_high, Origin::assumed}};
  }
  return std::nullopt;
}

std::string name_of(TrainingMethod method) {
  switch (method) {
    case TrainingMethod::full: return "full fine-tuning";
    case TrainingMethod::lora: return "LoRA";
    case TrainingMethod::qlora: return "QLoRA";
  }
  return {};
}

}  // namespace hardscape::select
