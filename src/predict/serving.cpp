// Continuous batching in closed form: while one request emits its tokens, every other request's prompt is processed
// once, so a cycle is output x decode step + concurrency x prefill.
#include <algorithm>
#include <cmath>

#include "hardscape/predict.hpp"
#include "predict/serving_engine.hpp"
#include "predict/spread.hpp"
#include "predict/step.hpp"

namespace hardscape {
namespace {

// Request front end of a server: fixed, and per prompt token (BLIS trained fit, models.md).
constexpr double k_front_s = 16e-3;
constexpr double k_front_per_token_s = 46e-6;
constexpr double k_per_request_s = 4.4e-6;  // scheduling, a sequence and step (same source)

}  // namespace

Result<Estimate> predict_first_token(const ComputeDevice& device, const ModelWork& model, double prompt, int batch,
                                     const Backend& backend, const Split& split, const Calibration& calibration) {
  Workload work;
  work.tokens = prompt;
  auto alone = predict_prefill(device, model, work, backend, split, calibration);
  if (!alone) return alone.error();
  const double seconds = alone->step.value;
  const double fast = seconds * alone->tokens_per_s.mid / alone->tokens_per_s.high;
  const double slow = seconds * alone->tokens_per_s.mid / alone->tokens_per_s.low;
  const double queue = (std::max(1, batch) + 1) / 2.0;
  const double front = batch > 1 ? k_front_s + k_front_per_token_s * prompt : 0;
  return Estimate{fast + front, seconds * std::sqrt(queue) + front, slow * queue + front, alone->tokens_per_s.basis};
}

Result<Serving> predict_serving(const ComputeDevice& device, const ModelWork& model, double prompt, double output,
                                int concurrency, const Backend& backend, const Split& split,
                                const Calibration& calibration) {
  if (const auto served = predict::as_served(device, model, backend)) {
    auto serving = predict_serving(served->device, model, prompt, output, concurrency, served->backend, split, calibration);
    if (!serving) return serving.error();
    const auto around = [](Estimate& value, double low, double high) {
      value.low = value.mid * low;
      value.high = value.mid * high;
    };
    const predict::Spread spread = predict::serving_spread();
    around(serving->time_per_output_token_s, 1 / spread.high, 1 / spread.low);
    around(serving->output_tokens_per_s, spread.low, spread.high);
    return serving;
  }
  const double flight = std::max(1, concurrency);
  Workload decode;
  decode.context = prompt;
  decode.tokens = std::max(1.0, output);
  decode.batch = std::max(1, concurrency);
  auto speed = predict_decode(device, model, decode, backend, split, calibration);
  if (!speed) return speed.error();
  Workload fill;
  fill.tokens = prompt;
  auto prefill = predict_prefill(device, model, fill, backend, split, calibration);
  if (!prefill) return prefill.error();
  auto first = predict_first_token(device, model, prompt, concurrency, backend, split, calibration);
  if (!first) return first.error();

  const double step = speed->step.value + flight * k_per_request_s;
  const double one_prefill = prefill->step.value;
  const double per_token = step + (flight - 1) * one_prefill / decode.tokens;
  const double rate = flight * decode.tokens / (decode.tokens * step + flight * one_prefill);
  const auto& decode_rate = speed->tokens_per_s;
  const predict::Spread spread{decode_rate.low / decode_rate.mid, decode_rate.high / decode_rate.mid};
  Serving serving;
  serving.time_per_output_token_s = {per_token / spread.high, per_token, per_token / spread.low, decode_rate.basis};
  serving.time_to_first_token_s = *first;
  serving.output_tokens_per_s = {rate * spread.low, rate, rate * spread.high, decode_rate.basis};
  return serving;
}

}  // namespace hardscape
