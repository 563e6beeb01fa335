#include "api/evidence_speed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace hardscape {
namespace {

// Runs of one process agree better than processes do: two of them differ by a few percent on hardware of one's own, by
// 10 to 27 % in a guest (measured; docs/models.md, section Evidence).
constexpr double k_own_spread = 0.05;
constexpr double k_shared_spread = 0.15;
constexpr double k_disturbed_spread = 0.30;  // towards faster: what it would be without the others
constexpr double k_same_work = 0.03;         // a smaller change with depth is none
constexpr double k_carried_share = 0.25;     // of the change that the speed model carries a measurement over

bool close(double a, double b, double share) { return a > 0 && b > 0 && std::abs(a - b) <= share * std::max(a, b); }

bool same_model(const MeasuredSpeed& m, const SpeedAsked& asked) {
  if (!asked.model.empty() && m.model == asked.model) return m.work.quant == asked.work.quant;
  // Another name for the same shape, or a file.
  return close(m.work.params, asked.work.params, 0.002) && close(m.work.weight_bytes, asked.work.weight_bytes, 0.01) &&
         close(m.work.read_params, asked.work.read_params, 0.01) && m.work.layers == asked.work.layers;
}

bool same_place(const MeasuredSpeed& m, const SpeedAsked& asked) {
  return m.device == asked.device.id && m.backend == asked.backend.id && m.devices == asked.split.count && asked.split.host_share <= 0;
}

struct Phase {
  bool prefill = false;
  const Workload& (*work)(const MeasuredSpeed&);
  const std::optional<Estimate>& (*rate)(const MeasuredSpeed&);
  Result<Speed> (*predict)(const ComputeDevice&, const ModelWork&, const Workload&, const Backend&, const Split&, const Calibration&);
};
const Phase k_decode{false, [](const MeasuredSpeed& m) -> const Workload& { return m.decode; },
                     [](const MeasuredSpeed& m) -> const std::optional<Estimate>& { return m.decode_tokens_per_s; }, predict_decode};
const Phase k_prefill{true, [](const MeasuredSpeed& m) -> const Workload& { return m.prefill; },
                      [](const MeasuredSpeed& m) -> const std::optional<Estimate>& { return m.prefill_tokens_per_s; }, predict_prefill};

// How far apart two works are: by tokens in context, and for prompts by their length too.
double distance(const Workload& a, const Workload& b, bool prefill) {
  const double depth = std::abs(std::log((a.context + 256) / (b.context + 256)));
  return prefill ? depth + std::abs(std::log(std::max(1.0, a.tokens) / std::max(1.0, b.tokens))) : depth;
}

const MeasuredSpeed* nearest(const Evidence& evidence, const SpeedAsked& asked, const Workload& work, const Phase& phase) {
  const MeasuredSpeed* best = nullptr;
  double least = 0;
  for (const auto& m : evidence.speeds) {
    if (!phase.rate(m) || !same_model(m, asked) || !same_place(m, asked)) continue;
    if (work.batch != 1 || work.draft_acceptance || !close(phase.work(m).kv_bytes_per_element, work.kv_bytes_per_element, 0.01)) continue;
    // A disturbed one counts as farther away than any depth; the list is newest first, so that the newest of equals wins.
    const double far = distance(phase.work(m), work, phase.prefill) + (m.disturbed ? 100 : 0);
    if (best != nullptr && far >= least) continue;
    best = &m;
    least = far;
  }
  return best;
}

// Terms keep their shares, so that they still add up to the step.
void set_rate(Speed& speed, double mid) {
  const double longer = speed.tokens_per_s.mid / mid;
  speed.step = speed.step * longer;
  for (std::size_t i = 0; i < speed.term_count; ++i) speed.terms[i].time = speed.terms[i].time * longer;
  speed.tokens_per_s.mid = mid;
}

Result<Speed> speed_with(const Phase& phase, const SpeedAsked& asked, const Workload& work, const Evidence& evidence, std::vector<EvidenceUse>& used) {
  const Calibration& factors = evidence.calibration_of(asked.device.id, asked.backend.id);
  auto speed = phase.predict(asked.device, asked.work, work, asked.backend, asked.split, factors);
  if (!speed) return speed;
  const MeasuredSpeed* m = nearest(evidence, asked, work, phase);
  if (m == nullptr) return speed;
  const auto there = phase.predict(asked.device, m->work, phase.work(*m), asked.backend, asked.split, factors);
  if (!there) return speed;
  const Estimate& rate = *phase.rate(*m);
  const double ratio = speed->tokens_per_s.mid / there->tokens_per_s.mid;
  const bool same = std::abs(ratio - 1) <= k_same_work && distance(phase.work(*m), work, phase.prefill) < 1;
  const double carried = same ? 1 : ratio;
  const double wide = (evidence.shared_hardware ? k_shared_spread : k_own_spread) + (same ? 0 : k_carried_share * std::abs(std::log(ratio)));
  set_rate(*speed, rate.mid * carried);
  speed->tokens_per_s.low = carried * std::min(rate.low, rate.mid / (1 + wide));
  speed->tokens_per_s.high = carried * std::max(rate.high, rate.mid * (1 + wide + (m->disturbed ? k_disturbed_spread : 0)));
  speed->tokens_per_s.basis = same ? Origin::measured : Origin::calibrated;
  const Workload& at = phase.work(*m);
  used.push_back({m->entry, m->when, same ? "measured" : "calibrated",
                  phase.prefill ? fmt::format("prefill of {} tokens of {} at depth {:.0f}: {:.4g} tokens/s", at.tokens, m->subject, at.context, rate.mid)
                                : fmt::format("decode of {} from depth {:.0f}: {:.4g} tokens/s", m->subject, at.context, rate.mid)});
  return speed;
}

// Of the devices and back ends that `wanted` says; a memory speed has no back end.
std::vector<EvidenceUse> used_by(const Evidence& evidence, const std::function<bool(std::string_view, std::string_view)>& wanted) {
  std::vector<EvidenceUse> used;
  for (const auto& b : evidence.bandwidths)
    if (wanted(b.device == "cpu" ? "cpu0" : b.device, {}))
      used.push_back({b.entry, b.when, "bandwidth", fmt::format("memory {} of {}: {:.3g} GB/s{}", b.kernel, b.device, in_gb_per_s(b.value), b.disturbed ? ", disturbed by others" : "")});
  for (const auto& c : evidence.calibrations) {
    if (!wanted(c.device, c.backend)) continue;
    for (const auto& m : evidence.speeds)
      if (std::find(c.entries.begin(), c.entries.end(), m.entry) != c.entries.end())
        used.push_back({m.entry, m.when, "calibrated", "benchmark of " + m.subject});
  }
  return used;
}

}  // namespace

Result<Speed> decode_speed(const SpeedAsked& asked, const Workload& work, const Evidence& evidence, std::vector<EvidenceUse>& used) {
  return speed_with(k_decode, asked, work, evidence, used);
}

Result<Speed> prefill_speed(const SpeedAsked& asked, const Workload& work, const Evidence& evidence, std::vector<EvidenceUse>& used) {
  return speed_with(k_prefill, asked, work, evidence, used);
}

std::vector<EvidenceUse> general_use(const Evidence& evidence, const ComputeDevice& device, const Backend& backend) {
  return used_by(evidence, [&](std::string_view id, std::string_view row) { return id == device.id && (row.empty() || row == backend.id); });
}

std::vector<EvidenceUse> evidence_used(const Evidence& evidence) {
  return used_by(evidence, [](std::string_view, std::string_view) { return true; });
}

}  // namespace hardscape
