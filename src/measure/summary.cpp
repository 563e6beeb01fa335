// From samples to a result; pure.
#include <algorithm>
#include <cmath>
#include <map>

#include "base/statistics.hpp"
#include "measure/runner.hpp"

namespace hardscape::measuring {
namespace {

// What disturbed most of them.
std::string main_reason(const std::vector<Sample>& samples) {
  std::map<std::string, int> counts;
  for (const auto& s : samples)
    if (s.disturbed) ++counts[s.why];
  const auto most = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? "" : most->first;
}

MeasurementResult identity_of(const Probe& probe) {
  MeasurementResult out;
  out.device = probe.device;
  out.kernel = probe.kernel;
  out.metric = probe.metric;
  out.unit = probe.unit;
  out.group = probe.group;
  out.precision = probe.precision;
  out.counting = probe.counting;
  out.threads = probe.threads;
  out.working_set = probe.working_set;
  if (probe.peak && !probe.per_clock) {
    out.peak = probe.peak->value;
    out.peak_basis = probe.peak->basis;
  }
  if (probe.refused) {
    out.status = *probe.refused;
    out.reason = probe.reason;
  }
  return out;
}

}  // namespace

std::optional<Peak> bound_of(const std::optional<Peak>& bound, const Probe& probe, const MeasurementResult& result) {
  if (!bound || !probe.per_clock) return bound;
  if (!result.clock_hz) return std::nullopt;
  return Peak{bound->value * *result.clock_hz, bound->basis + ", at the " + std::to_string(*result.clock_hz / 1e9).substr(0, 4) + " GHz measured meanwhile"};
}

MeasurementResult summarise(const Probe& probe, const std::vector<Sample>& samples, int fewest) {
  MeasurementResult out = identity_of(probe);
  if (samples.empty()) return out;
  const auto quiet = std::count_if(samples.begin(), samples.end(), [](const Sample& s) { return !s.disturbed; });
  const bool only_quiet = quiet >= std::min<std::ptrdiff_t>(fewest, static_cast<std::ptrdiff_t>(samples.size()));
  for (const auto& s : samples) (only_quiet && s.disturbed ? out.discarded : out.samples).push_back(s.value);

  out.value = median_of(out.samples);
  const Interval interval = bootstrap_median(out.samples);
  out.spread = MeasureSpread{interval.low, interval.high};
  out.best = quantile_of(out.samples, probe.figure == Figure::rate ? 0.95 : 0.05);
  std::vector<double> clocks;
  for (const auto& sample : samples)
    if (sample.clock_hz) clocks.push_back(*sample.clock_hz);
  // The clock is read once after a sample: an interrupt makes it too low, nothing makes it too high.
  if (!clocks.empty()) out.clock_hz = quantile_of(clocks, 0.9);
  const auto peak = bound_of(probe.peak, probe, out);
  out.peak = peak ? std::optional<double>(peak->value) : std::nullopt;
  out.peak_basis = peak ? peak->basis : "";
  if (out.peak && *out.peak > 0) out.fraction_of_peak = *out.value / *out.peak;
  out.disturbed = !only_quiet;
  if (!only_quiet)
    out.reason = std::to_string(samples.size() - static_cast<std::size_t>(quiet)) + " of " + std::to_string(samples.size()) +
                 " samples were disturbed: " + main_reason(samples);
  return out;
}

void mark_clock_drift(std::vector<Sample>& samples) {
  constexpr double k_drift = 0.03;
  std::vector<double> clocks;
  for (const auto& s : samples)
    if (s.clock_hz && !s.disturbed) clocks.push_back(*s.clock_hz);
  if (clocks.size() < 3) return;
  const double median = median_of(clocks);
  for (auto& s : samples) {
    if (s.disturbed || !s.clock_hz || std::abs(*s.clock_hz - median) <= k_drift * median) continue;
    s.disturbed = true;
    s.why = "the clock moved";
  }
}

}  // namespace hardscape::measuring
