#include "base/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace hardscape {
namespace {

double quantile_sorted(const std::vector<double>& sorted, double p) {
  if (sorted.empty()) return 0;
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::vector<double> sorted_copy(std::span<const double> samples) {
  std::vector<double> out(samples.begin(), samples.end());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

double mean_of(std::span<const double> samples) {
  if (samples.empty()) return 0;
  return std::accumulate(samples.begin(), samples.end(), 0.0) / static_cast<double>(samples.size());
}

double median_of(std::span<const double> samples) { return quantile_of(samples, 0.5); }

double stddev_of(std::span<const double> samples) {
  if (samples.size() < 2) return 0;
  const double mean = mean_of(samples);
  double sum = 0;
  for (const double x : samples) sum += (x - mean) * (x - mean);
  return std::sqrt(sum / static_cast<double>(samples.size() - 1));
}

double quantile_of(std::span<const double> samples, double p) { return quantile_sorted(sorted_copy(samples), p); }

double median_deviation_of(std::span<const double> samples) {
  const double median = median_of(samples);
  std::vector<double> away;
  for (const double x : samples) away.push_back(std::abs(x - median));
  return median_of(away);
}

Interval bootstrap_median(std::span<const double> samples, double confidence, int resamples) {
  if (samples.empty()) return {};
  Splitmix random(0x68617264736361ull);
  std::vector<double> medians;
  std::vector<double> drawn(samples.size());
  for (int i = 0; i < resamples; ++i) {
    for (auto& x : drawn) x = samples[random.below(samples.size())];
    std::sort(drawn.begin(), drawn.end());
    medians.push_back(quantile_sorted(drawn, 0.5));
  }
  std::sort(medians.begin(), medians.end());
  const double tail = (1 - confidence) / 2;
  return {quantile_sorted(medians, tail), quantile_sorted(medians, 1 - tail)};
}

std::uint64_t Splitmix::next() {
  std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

double Splitmix::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

__extension__ using Wide = unsigned __int128;  // -Wpedantic does not know it

std::uint64_t Splitmix::below(std::uint64_t most) {
  return static_cast<std::uint64_t>((static_cast<Wide>(next()) * most) >> 64);
}

double Splitmix::normal() {
  const double u = 1 - uniform();  // never 0
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * uniform());
}

}  // namespace hardscape
