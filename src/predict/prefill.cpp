#include <algorithm>
#include <cmath>

#include "hardscape/network.hpp"
#include "predict/pipeline.hpp"
#include "predict/slow_path.hpp"
#include "predict/step.hpp"

namespace hardscape::predict {
namespace {

constexpr double k_score_bytes = 4;     // scores are kept in 32 bits
constexpr double k_head_width = 128;    // one score per this many attention channels
constexpr double k_least_read = 0.8;    // streaming weights in long runs

}  // namespace

Step prefill_step(const ComputeDevice& device, const ModelWork& model, const Workload& work, const Backend& backend,
                  const Split& split, const Calibration& calibration) {
  const auto& p = backend.prefill;
  const double tokens = std::max(1.0, work.tokens) * std::max(1, work.batch);
  const double ways = split.kind == SplitKind::tensor ? std::max(1, split.count) : 1;
  const double micro = std::min(tokens, static_cast<double>(backend.micro_batch));
  const double runs = std::ceil(tokens / micro);
  const double vector = device.vector.value * ways;
  const auto path = slow_path(backend, device.architecture, model.quant);
  const double plain = std::min(device.matrix.value, device.vector.value) * ways;
  const double units = backend.matrix_units ? device.matrix.value * ways : plain;
  const double matrix = path.matrix_units ? units : plain;
  const double attention_rate = path.matrix_attention ? units : plain;
  const double bandwidth = device.bandwidth.value * ways;
  const double factor = device.architecture == nullptr ? 1 : device.architecture->prefill_on(backend.api);
  const bool wide = model.weights == WeightKind::float16 || model.weights == WeightKind::float32;
  const bool nested = model.weights == WeightKind::k_quant || model.weights == WeightKind::codebook;
  const double on_host = split.host == nullptr ? 0 : std::clamp(split.host_share, 0.0, 1.0);

  const double usual = wide ? p.vector_cost_f16 / vector + p.matrix_cost_f16 / matrix
                            : (p.vector_cost / vector + p.matrix_cost / matrix) * (nested ? p.k_quant_factor : 1);
  const double cost = path.products_share > 0 ? 1 / (path.products_share * matrix) : usual * path.products_slower;
  double filling = (micro + p.half_tokens) / micro;
  if (model.experts && model.params > 0) filling *= 1 + p.half_expert_tokens / (micro * model.read_params / model.params);

  Step step;
  step.arithmetic = 2 * model.read_params * tokens * cost * factor * filling * calibration.prefill;
  // Each micro-batch reads all weights: with many tokens every expert has some.
  const double unpacked = wide ? 0 : p.dequantise_traffic * model.params * k_element_bytes;
  step.weights = runs * (model.weight_bytes * (1 - on_host) + unpacked) / (bandwidth * k_least_read) * calibration.prefill;
  const double context = work.context + work.tokens / 2;
  const double window = std::min(context, model.kv_window_tokens);
  const double pairs = (model.attention_layers * model.attention_width * context +
                        model.window_layers * model.window_width * window) * tokens;
  step.attention = 4 * pairs * p.attention_cost / attention_rate * factor * calibration.prefill;
  if (!backend.fused_attention)
    step.attention += pairs / k_head_width * k_score_bytes * p.attention_traffic / bandwidth * calibration.prefill;
  // Every tile of queries passes over the keys and values once.
  const double filled = model.kv_window_tokens > 0 ? window / model.kv_window_tokens : 0;
  const double kv = (model.kv_bytes_per_token * context + model.kv_window_bytes * filled) * work.kv_bytes_per_element / k_element_bytes;
  step.attention += kv * tokens / p.query_tile / bandwidth * calibration.prefill;
  step.overhead = runs * model.layers * p.layer_s * (model.experts ? 3 : 1) * calibration.prefill;
  if (model.experts) step.overhead += tokens * model.layers * p.expert_token_s * calibration.prefill;
  if (split.kind == SplitKind::tensor) {
    step.link = runs * 2 * model.layers *
                all_reduce_time(model.hidden * k_element_bytes * micro, split.count, {device.link, device.link_latency}).value;
  } else if (split.count > 1) {
    // The output counts as a layer, and the first device has the layer more where they do not divide (llama_model::load_tensors).
    const double fullest = std::min(model.layers, std::ceil((model.layers + 1) / split.count));
    const double commands = fullest * commands_per_layer(backend.launches, backend.fused_attention, wide);
    const double length = pipeline_length(runs, split.count, commands > 0 ? backend.launches.queue / commands : 0);
    const double share = (1 + (length - split.count) * fullest / model.layers) / runs;
    for (double* term : {&step.arithmetic, &step.weights, &step.attention, &step.overhead}) *term *= share;
    step.link = runs * (split.count - 1) * model.hidden * k_element_bytes * micro / device.link.value;
  }
  // Weights kept on the host cross the link once a micro-batch.
  step.host = on_host * model.weight_bytes * runs / device.link.value;
  step.tokens = tokens;
  return step;
}

}  // namespace hardscape::predict
