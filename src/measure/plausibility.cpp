// What a figure cannot be, whoever measured it; pure.
#include <algorithm>
#include <cmath>

#include "base/statistics.hpp"
#include "base/text.hpp"
#include "measure/runner.hpp"

namespace hardscape::measuring {
namespace {

constexpr double k_over = 1.02;     // clocks are known to a percent or so
constexpr double k_fewer = 0.95;    // all threads against one
constexpr double k_unsteady = 0.10; // (p90 - p10) / median
constexpr std::string_view k_one_thread = "_one_thread";

std::string percent(double ratio) { return std::to_string(static_cast<int>(std::lround(100 * ratio))) + " %"; }

std::string name_of(const MeasurementResult& r) { return r.device + " " + r.kernel + " " + r.metric; }

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

void add_reason(MeasurementResult& result, const std::string& sentence) {
  result.reason += (result.reason.empty() ? "" : "; ") + sentence;
}

const MeasurementResult* find(const std::vector<MeasurementResult>& results, const MeasurementResult& like, std::string_view metric) {
  for (const auto& r : results)
    if (r.device == like.device && r.kernel == like.kernel && r.metric == metric && r.value) return &r;
  return nullptr;
}

}  // namespace

std::vector<Note> doubt(const std::vector<Probe>& probes, std::vector<MeasurementResult>& results) {
  std::vector<Note> notes;
  std::vector<std::string> unsteady;
  std::size_t measured = 0, disturbed = 0;
  for (auto& result : results) {
    if (!result.value || !(*result.value > 0)) continue;
    ++measured;
    disturbed += result.disturbed ? 1 : 0;
    for (const auto& probe : probes) {
      const bool same = probe.device == result.device && probe.kernel == result.kernel && result.metric.starts_with(probe.metric) &&
                        probe.unit == result.unit;
      const auto bound = bound_of(probe.ceiling ? probe.ceiling : probe.peak, probe, result);
      if (!same || !bound || probe.figure != Figure::rate || *result.value <= k_over * bound->value) continue;
      add_reason(result, "above what is possible: " + percent(*result.value / bound->value) + " of " + bound->basis);
      notes.push_back({Severity::warning, "above-peak", name_of(result) + " is " + percent(*result.value / bound->value) + " of what is possible (" +
                       bound->basis + "). Either the peak or this figure is wrong.", "Do not rely on this figure."});
      break;
    }
    if (result.metric.ends_with(k_one_thread) && result.unit != "s") {
      const auto all = find(results, result, std::string_view(result.metric).substr(0, result.metric.size() - k_one_thread.size()));
      if (all != nullptr && all->threads.value_or(1) > 1 && *all->value < k_fewer * *result.value) {
        notes.push_back({Severity::warning, "threads-slower-than-one", name_of(*all) + " with " + std::to_string(*all->threads) + " threads is " +
                         percent(*all->value / *result.value) + " of what one thread reached.",
                         "Something else used the processor; stop it and measure again."});
      }
    }
    if (result.samples.size() >= 8 && quantile_of(result.samples, 0.9) - quantile_of(result.samples, 0.1) > k_unsteady * *result.value)
      add_once(unsteady, result.kernel);
  }
  if (disturbed > 0)
    notes.push_back({Severity::warning, "disturbed", std::to_string(disturbed) + " of " + std::to_string(measured) +
                     " figures rest on samples that others disturbed, because quiet ones could not be had in the time.",
                     "Stop what else runs on this machine, or measure longer."});
  if (!unsteady.empty())
    notes.push_back({Severity::info, "unsteady", "Samples of " + join_words(unsteady) + " spread by more than 10 %: neighbours on the same host or a "
                     "changing clock do that.", "Compare such figures by their interval, not by the median alone."});
  return notes;
}

}  // namespace hardscape::measuring
