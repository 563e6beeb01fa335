#include <algorithm>
#include <cmath>

#include "hardscape/network.hpp"
#include "predict/step.hpp"

namespace hardscape::predict {
namespace {

// Nothing reaches its peak bandwidth, whatever the factors say.
constexpr double k_most_efficiency = 0.97;
// Of a rate that a processor's own cores were measured to draw: what they cannot draw of the memory's is left out already.
// Assumed; see docs/models.md for what it was seen against.
constexpr double k_of_drawn = 0.92;
constexpr double k_hop_s = 30e-6;  // handing the activations to the next device of a layer split

// Vector operations to unpack one weight and multiply it, counted from ggml's kernels.
double nominal_operations(WeightKind kind) {
  switch (kind) {
    case WeightKind::float32:
    case WeightKind::float16: return 2;
    case WeightKind::eight_bit: return 3;
    case WeightKind::four_bit: return 4;
    case WeightKind::k_quant: return 5;
    case WeightKind::codebook: return 9;
  }
  return 4;
}

// Bounds that hold together: the sum of their powers is near the largest and rounds the corner where they meet.
constexpr double k_corner = 3;
double together(double a, double b, double c) {
  return std::pow(std::pow(a, k_corner) + std::pow(b, k_corner) + std::pow(c, k_corner), 1 / k_corner);
}

// Cycles of all compute units in a second, from the FP32 rate and how many multiply-adds a unit issues a cycle.
double unit_cycles(const ComputeDevice& device) {
  return device.architecture == nullptr || device.architecture->lanes <= 0 ? 0 : device.vector.value / (2 * device.architecture->lanes);
}

// Of the experts' bytes, those that a step reads: when choices are even and independent, E (1 - (1 - k/E)^n) of E.
double touched_experts(const ModelWork& model, double batch) {
  return 1 - std::pow(1 - model.experts_active / model.experts_total, batch);
}

// Share of a step's reads that lies on the host. Experts are read as often as they are chosen, everything else each time.
double host_read_share(const ModelWork& model, const Split& split, double batch, double bytes) {
  if (split.host == nullptr) return 0;
  const double lies = std::clamp(split.host_share, 0.0, 1.0);
  if (!split.host_share_is_experts || !(model.expert_bytes > 0) || !(model.experts_total > 0)) return lies;
  const double experts = std::min(model.expert_bytes, lies * model.weight_bytes);
  return std::min(1.0, experts * touched_experts(model, batch) / bytes);
}

bool is_nested(WeightKind kind) { return kind == WeightKind::k_quant || kind == WeightKind::codebook; }

double architecture_memory(const ComputeDevice& device) { return device.architecture == nullptr ? 1 : device.architecture->memory; }
double architecture_overhead(const ComputeDevice& device) {
  return device.architecture == nullptr ? 1 : device.architecture->overhead;
}

}  // namespace

double weight_bytes_read(const ModelWork& model, double batch) {
  if (!model.experts || batch <= 1 || model.experts_total <= 0) return model.read_bytes;
  return model.read_bytes + model.expert_bytes * (touched_experts(model, batch) - touched_experts(model, 1));
}

double cache_bytes_read(const ModelWork& model, double context, double bytes_per_element) {
  const double filled = model.kv_window_tokens > 0 ? std::min(1.0, context / model.kv_window_tokens) : 0.0;
  return (model.kv_bytes_per_token * context + model.kv_window_bytes * filled) * bytes_per_element / k_element_bytes +
         2 * model.recurrent_bytes;
}

Step decode_step(const ComputeDevice& device, const ModelWork& model, const Workload& work, const Backend& backend,
                 const Split& split, const Calibration& calibration) {
  const auto& p = backend.decode;
  const double batch = std::max(1, work.batch);
  const double ways = split.kind == SplitKind::tensor ? std::max(1, split.count) : 1;
  const double context = work.context + work.tokens / 2;
  const double bandwidth = device.bandwidth.value * ways;
  const bool drawn = device.basis == Origin::measured && device.id.substr(0, 3) == "cpu";
  const double efficiency = drawn ? std::max(k_of_drawn, p.memory_efficiency)
                                  : std::min(k_most_efficiency, p.memory_efficiency * architecture_memory(device));
  // A speculative step checks the drafted tokens together: a small batch for the same bytes.
  const double checked = work.draft_acceptance ? batch * (work.draft_tokens + 1) : batch;

  const double bytes = weight_bytes_read(model, checked);
  const double on_host = host_read_share(model, split, checked, bytes);
  const double moved = on_host * bytes;
  const double local = bytes - moved;

  Step step;
  const double read = local / (bandwidth * efficiency);
  const double nested = is_nested(model.weights) ? p.k_quant_factor : 1;
  const double unpack = nested * (1 - on_host) * model.read_params * nominal_operations(model.weights) * p.dequantise /
                        (device.vector.value * ways);
  const double units = unit_cycles(device) * ways;
  const double fetch = units > 0 ? local * nested / (units * p.unit_bytes) : 0;
  const double linear = together(read * calibration.memory, unpack * calibration.unpack,
                                 fetch * calibration.memory * calibration.unpack);
  // A step of many sequences computes as prefill does, at the rates of its products.
  const auto& products = backend.prefill;
  const bool wide = model.weights == WeightKind::float16 || model.weights == WeightKind::float32;
  const double operation = wide ? products.vector_cost_f16 / device.vector.value + products.matrix_cost_f16 / device.matrix.value
                                : products.vector_cost / device.vector.value + products.matrix_cost / device.matrix.value;
  const double multiply = (1 - on_host) * 2 * model.read_params * checked * operation / ways;
  step.weights = linear;
  step.arithmetic = std::max(0.0, multiply - linear) * (checked > 1 ? 1 : 0);
  step.cache = batch * cache_bytes_read(model, context, work.kv_bytes_per_element) /
               (bandwidth * std::min(k_most_efficiency, p.kv_efficiency)) * calibration.memory * calibration.cache;
  step.overhead = (model.layers * p.layer_s * architecture_overhead(device) + p.token_s) * calibration.overhead +
                  (model.experts ? model.layers * p.expert_layer_s * calibration.experts : 0);
  for (double* term : {&step.weights, &step.arithmetic, &step.cache, &step.overhead}) *term *= calibration.all;
  const double message = model.hidden * k_element_bytes * checked;
  if (split.kind == SplitKind::tensor)
    step.link = 2 * model.layers * all_reduce_time(message, split.count, {device.link, device.link_latency}).value;
  else if (split.count > 1)
    step.link = (split.count - 1) * (k_hop_s + message / device.link.value);
  if (on_host > 0) {
    const Backend* processor = find_backend("llama.cpp/cpu");
    const DecodeParameters& q = processor == nullptr ? p : processor->decode;
    const double host_read = moved / (split.host->bandwidth.value * q.memory_efficiency);
    const double host_unpack =
        on_host * model.read_params * nominal_operations(model.weights) * q.dequantise *
        (is_nested(model.weights) ? q.k_quant_factor : 1) / split.host->vector.value;
    // Experts on the host hand over twice a layer; whole layers once in all.
    const double handovers = split.host_share_is_experts ? 2 * model.layers : 2;
    step.host = together(host_read, host_unpack, 0) + handovers * (device.link_latency.value + message / device.link.value);
  }
  step.tokens = batch;
  if (work.draft_acceptance) {
    const double a = std::clamp(*work.draft_acceptance, 0.0, 0.999);
    step.tokens = batch * (1 - std::pow(a, work.draft_tokens + 1)) / (1 - a);
  }
  return step;
}

}  // namespace hardscape::predict
