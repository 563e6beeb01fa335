#include <algorithm>

#include "api/evidence_speed.hpp"
#include "hardscape/advise.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/model_shape.hpp"
#include "hardscape/predict.hpp"

namespace hardscape {
namespace {

constexpr std::int64_t k_told_depth = 4096;  // tokens in context at which speed is told

Result<ModelWork> work_of(const ModelShape& shape, const ModelWeights& weights, const ModelRecord* record, const Placement& placement,
                          Bytes file) {
  return record != nullptr ? model_work(*record, shape, weights, placement.quant, file) : model_work(shape, weights, placement.quant);
}

std::string base_id(const std::string& pool) { return pool.substr(0, pool.find('/')); }

double bytes_per_element(std::string_view kv_type) {
  return kv_type == "q8_0" ? 1.0625 : kv_type == "q4_0" || kv_type == "iq4_nl" ? 0.5625 : kv_type == "f32" ? 4 : 2;
}

}  // namespace

FitSpeed speed_of(const Machine& machine, const ModelShape& shape, const ModelWeights& weights, const ModelRecord* record,
                  const Placement& placement, const Evidence& evidence) {
  FitSpeed speed;
  if (placement.verdict == Verdict::no || placement.devices.empty()) {
    speed.why_not = "it does not fit";
    return speed;
  }
  const DeviceShare& host = placement.devices.back();
  const bool on_host = placement.device_layers == 0;
  // The slowest of the devices that take turns stands for all, with the memory speed that they reach together.
  std::optional<ComputeDevice> device;
  int count = 0;
  Seconds turns{0};
  Bytes turned{0};
  for (const DeviceShare& share : placement.devices) {
    if (share.host != on_host) continue;
    auto one = compute_device(machine, base_id(share.device));
    if (!one) {
      speed.why_not = one.error().message;
      return speed;
    }
    ++count;
    turns += share.bytes.weights / one->bandwidth;
    turned += share.bytes.weights;
    if (!device || one->bandwidth < device->bandwidth) device = std::move(*one);
  }
  if (!device) return speed;
  if (count > 1 && turns.value > 0) device->bandwidth = turned / turns;
  // A pool may be a slice of the device or less than its total; placement has already checked the room.
  device->memory.reset();
  Split split;
  split.count = std::max(1, count);
  std::optional<ComputeDevice> helper;
  // The table that is looked up on the host costs nothing to speak of.
  if (!on_host && (host.layers > 0 || host.expert_layers > 0)) {
    auto cpu = compute_device(machine, "cpu0");
    if (!cpu) {
      speed.why_not = cpu.error().message;
      return speed;
    }
    helper = std::move(*cpu);
    helper->memory.reset();
    split.host = &*helper;
    split.host_share_is_experts = host.layers == 0;
    split.host_share = std::clamp(host.bytes.weights / placement.memory.weights, 0.0, 1.0);
  }
  const auto work = work_of(shape, weights, record, placement, placement.memory.weights);
  if (!work) {
    speed.why_not = work.error().message;
    return speed;
  }
  const auto backend = default_backend(device->vendor, on_host ? "cpu" : engine_kind(*device), placement.quant, device->architecture);
  if (!backend) {
    speed.why_not = "no engine is known for " + device->name;
    return speed;
  }
  if (split.host != nullptr && !computes_on_host(*backend)) {
    speed.why_not = backend->name + " computes no layers on the processor; take a GGUF quantisation (Q4_K_M) for that";
    return speed;
  }
  const auto depth = static_cast<double>(std::min(k_told_depth, placement.context));
  Workload decode{.context = depth, .tokens = 128, .batch = 1, .kv_bytes_per_element = bytes_per_element(placement.kv_type),
                  .draft_acceptance = {}, .draft_tokens = 4};
  const SpeedAsked asked{*device, *backend, record != nullptr ? std::string_view(record->id) : std::string_view(), *work, split};
  const auto generated = decode_speed(asked, decode, evidence, speed.evidence);
  if (!generated) {
    speed.why_not = generated.error().message;
    return speed;
  }
  speed.decode = generated->tokens_per_s;
  speed.bound = generated->bound;
  Workload prompt = decode;
  prompt.context = 0;
  prompt.tokens = std::max(1.0, depth);
  if (const auto read = prefill_speed(asked, prompt, evidence, speed.evidence)) speed.prefill = read->tokens_per_s;
  return speed;
}

}  // namespace hardscape
