#include "hardscape/predict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "predict/serving_engine.hpp"
#include "predict/spread.hpp"
#include "predict/step.hpp"

namespace hardscape {
namespace {

using predict::Phase;
using predict::Step;

Speed speed_of(const Step& step, const predict::Spread& spread, Origin basis) {
  Speed speed;
  const double total = step.total();
  speed.step = Seconds{total};
  const double rate = step.tokens / total;
  speed.tokens_per_s = {rate * spread.low, rate, rate * spread.high, basis};
  const auto add = [&](std::string_view name, double seconds) {
    if (seconds > 0) speed.terms[speed.term_count++] = {name, Seconds{seconds}};
  };
  add("weights", step.weights);
  add("keys and values", step.cache);
  add("arithmetic", step.arithmetic);
  add("attention", step.attention);
  add("overhead", step.overhead);
  add("links", step.link);
  add("host part", step.host);
  const double memory = step.weights + step.cache;
  const double compute = step.arithmetic + step.attention;
  speed.bound = "memory";
  double most = memory;
  const auto larger = [&](std::string_view name, double seconds) {
    if (seconds > most) {
      most = seconds;
      speed.bound = name;
    }
  };
  larger("compute", compute);
  larger("overhead", step.overhead);
  larger("link", step.link);
  larger("host memory", step.host);
  return speed;
}

Result<Done> possible(const ComputeDevice& device, const ModelWork& model, const Workload& work, const Backend& backend,
                      const Split& split) {
  if (model.params <= 0 || model.weight_bytes <= 0)
    return Error{ErrorCode::invalid_argument, fmt::format("The size of {} is not known; give its parameters or file size.", model.name)};
  if (!(device.bandwidth.value > 0))
    return Error{ErrorCode::unavailable, fmt::format("The memory bandwidth of {} is not published.", device.name)};
  if (work.tokens < 0 || work.context < 0 || split.count < 1 || split.host_share < 0 || split.host_share > 1)
    return Error{ErrorCode::invalid_argument, "Tokens, context, device count and host share must be 0 or more."};
  if (split.host_share > 0 && split.host == nullptr)
    return Error{ErrorCode::invalid_argument, "Part of the model stays on the host, but no host is given."};
  const bool processor = device.id.substr(0, 3) == "cpu";
  if (const auto why = refusal(backend, model.quant, device.vendor, device.architecture, processor); !why.empty())
    return Error{ErrorCode::unsupported, fmt::format("{} cannot run {} at {} on {}: {}.", backend.name, model.name, model.quant,
                                                     device.name, why)};
  if (device.memory) {
    const double there = static_cast<double>(device.memory->value) * split.count;
    const double cache = predict::cache_bytes_read(model, work.context + work.tokens, work.kv_bytes_per_element) *
                         std::max(1, work.batch);
    const double need = model.weight_bytes * (1 - split.host_share) + cache;
    if (need > there)
      return Error{ErrorCode::unavailable,
                   fmt::format("{} at {} needs {:.1f} GiB, {} has {:.1f} GiB; offload a part or choose a smaller quantisation.",
                               model.name, model.quant, need / static_cast<double>(k_gib), device.name,
                               there / static_cast<double>(k_gib))};
  }
  return Done{};
}

Origin basis_of(const ComputeDevice& device, const Calibration& calibration, bool prefill) {
  const int points = prefill ? calibration.prefill_points : calibration.decode_points;
  if (points > 0) return calibration.origin;
  // A measured memory speed makes no measured prediction.
  return device.rates_assumed ? Origin::assumed : std::min(device.basis, Origin::calibrated);
}

}  // namespace

Result<Speed> predict_decode(const ComputeDevice& device, const ModelWork& model, const Workload& work,
                             const Backend& backend, const Split& split, const Calibration& calibration) {
  // Many sequences at once are what a server is made for.
  if (const auto served = work.batch > 1 ? predict::as_served(device, model, backend) : std::nullopt) {
    auto speed = predict_decode(served->device, model, work, served->backend, split, calibration);
    if (!speed) return speed;
    const predict::Spread spread = predict::serving_spread();
    speed->tokens_per_s.low = speed->tokens_per_s.mid * spread.low;
    speed->tokens_per_s.high = speed->tokens_per_s.mid * spread.high;
    return speed;
  }
  if (auto fine = possible(device, model, work, backend, split); !fine) return fine.error();
  const Step step = predict::decode_step(device, model, work, backend, split, calibration);
  return speed_of(step, predict::spread_for(Phase::decode, device, model, backend, split, calibration),
                  basis_of(device, calibration, false));
}

Result<Speed> predict_prefill(const ComputeDevice& device, const ModelWork& model, const Workload& work,
                              const Backend& backend, const Split& split, const Calibration& calibration) {
  if (const auto served = predict::as_served(device, model, backend))
    return predict_prefill(served->device, model, work, served->backend, split, calibration);
  if (auto fine = possible(device, model, work, backend, split); !fine) return fine.error();
  const Step step = predict::prefill_step(device, model, work, backend, split, calibration);
  return speed_of(step, predict::spread_for(Phase::prefill, device, model, backend, split, calibration),
                  basis_of(device, calibration, true));
}

}  // namespace hardscape
