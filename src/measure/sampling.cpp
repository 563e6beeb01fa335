#include "measure/sampling.hpp"

#include <algorithm>
#include <cmath>

namespace hardscape::measuring {
namespace {

constexpr std::int64_t k_most_repetitions = std::int64_t{1} << 40;
constexpr double k_least_on_cpu = 0.98;   // of a measuring thread's time

Status check(const Timing& timing) {
  if (timing.seconds > 0 && timing.work > 0 && std::isfinite(timing.seconds) && std::isfinite(timing.work)) return Done{};
  return Error{ErrorCode::malformed, "a timing of " + std::to_string(timing.seconds) + " s for " + std::to_string(timing.work) + " units of work makes no sense"};
}

// What would take a little more than the wanted time, at most a hundredfold at once: a first call is often slow.
std::int64_t grown(std::int64_t repetitions, double seconds, double wanted) {
  const double factor = std::clamp(1.1 * wanted / std::max(seconds, 1e-9), 1.0, 100.0);
  return std::min(k_most_repetitions, static_cast<std::int64_t>(std::ceil(static_cast<double>(repetitions) * factor)));
}

}  // namespace

Status warm_up(Workload& workload, const Probe& probe, const Schedule& schedule, double most_s, std::int64_t& repetitions, const Senses& senses) {
  const double start = senses.now();
  double last = 0;
  for (int calls = 1;; ++calls) {
    const auto timing = workload.run(repetitions);
    if (!timing) return timing.error();
    if (const auto sane = check(*timing); !sane) return sane.error();
    const double rate = timing->work / timing->seconds;
    const bool long_enough = timing->seconds >= 0.9 * probe.sample_s || repetitions >= k_most_repetitions;
    const bool steady = long_enough && last > 0 && std::abs(rate - last) <= schedule.steady * last;
    const bool out_of_time = senses.now() - start >= most_s;
    if (long_enough && calls >= 3 && (steady || out_of_time)) return Done{};
    // A call that takes seconds on a slow machine is warm-up enough.
    if (out_of_time && timing->seconds > most_s) return Done{};
    last = long_enough ? rate : 0;
    if (!long_enough) repetitions = grown(repetitions, timing->seconds, probe.sample_s);
  }
}

Result<Sample> take_sample(Workload& workload, const Probe& probe, std::int64_t& repetitions, const Senses& senses) {
  const auto timing = workload.run(repetitions);
  if (!timing) return timing.error();
  if (const auto sane = check(*timing); !sane) return sane.error();
  Sample out;
  out.value = probe.figure == Figure::rate ? timing->work / timing->seconds : timing->seconds / timing->work;
  out.clock_hz = timing->clock_hz ? timing->clock_hz : senses.clock && !probe.has_own_clock ? senses.clock() : std::nullopt;
  if (timing->on_cpu && *timing->on_cpu < k_least_on_cpu) {
    out.disturbed = true;
    out.why = "a thread lost its processor";
  }
  if (!timing->trouble.empty()) {
    out.disturbed = true;
    out.why = timing->trouble;
  }
  if (timing->seconds < 0.7 * probe.sample_s) repetitions = grown(repetitions, timing->seconds, probe.sample_s);
  return out;
}

void Window::judge(double shortest_s) {
  const LoadReading after = senses_.load();
  if (after.at_s - before_.at_s < shortest_s) return;
  const Disturbance found = between(before_, after);
  if (found.disturbed()) {
    for (const auto& where : inside_) {
      Sample& sample = (*where.samples)[where.index];
      if (sample.disturbed) continue;
      sample.disturbed = true;
      sample.why = found.steal_share > 0.02 ? "stolen by the hypervisor" : found.major_faults > 0 ? "pages read from disk" : "other processes";
    }
  }
  inside_.clear();
  before_ = after;
}

}  // namespace hardscape::measuring
