#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "hardscape/predict.hpp"
#include "predict/step.hpp"

namespace hardscape {
namespace {

// One factor of a calibration and how far it differs between machines of one prediction, in logarithms: the root mean
// square over the machines of the published rows, all of whose rows calibrated them with hardly any prior (docs/models.md).
struct Factor {
  double Calibration::*member;
  double spread;
};
constexpr std::array k_factors{
    Factor{&Calibration::memory, 0.1},   Factor{&Calibration::unpack, 0.4},  Factor{&Calibration::cache, 0.6},
    Factor{&Calibration::overhead, 0.6}, Factor{&Calibration::experts, 0.8}, Factor{&Calibration::all, 0.2},
};
constexpr std::size_t k_count = k_factors.size();
constexpr double k_noise = 0.05;          // of one benchmark
constexpr double k_odd = 0.1;             // a residual beyond this counts ever less
constexpr double k_prefill_spread = 0.5;
constexpr int k_rounds = 20;
constexpr double k_longest_stride = 0.5;
constexpr double k_nudge = 1e-5;
// More than this between prediction and measurement is another device or another model.
constexpr double k_widest = 8;

using Vector = std::array<double, k_count>;
using Matrix = std::array<Vector, k_count>;

Calibration calibration_at(const Vector& logs) {
  Calibration calibration;
  for (std::size_t i = 0; i < k_count; ++i) calibration.*k_factors[i].member = std::exp(logs[i]);
  return calibration;
}

// ln(measured / predicted time) of a decode point.
double residual(const ComputeDevice& device, const Backend& backend, const CalibrationPoint& point, const Calibration& calibration) {
  const auto step = predict::decode_step(device, point.model, point.work, backend, point.split, calibration);
  return std::log(step.tokens / point.tokens_per_s / step.total());
}

// Solves a x = b for a symmetric positive matrix.
Vector solve(Matrix a, Vector b) {
  for (std::size_t i = 0; i < k_count; ++i)
    for (std::size_t r = i + 1; r < k_count; ++r) {
      const double f = a[r][i] / a[i][i];
      for (std::size_t c = i; c < k_count; ++c) a[r][c] -= f * a[i][c];
      b[r] -= f * b[i];
    }
  for (std::size_t i = k_count; i-- > 0;) {
    for (std::size_t c = i + 1; c < k_count; ++c) b[i] -= a[i][c] * b[c];
    b[i] /= a[i][i];
  }
  return b;
}

// Gauss-Newton on the logarithms of the factors.
Calibration fit_decode(const ComputeDevice& device, const Backend& backend, const std::vector<const CalibrationPoint*>& points) {
  Vector logs{};
  for (int round = 0; round < k_rounds; ++round) {
    Matrix a{};
    Vector b{};
    for (std::size_t i = 0; i < k_count; ++i) {
      const double precision = 1 / (k_factors[i].spread * k_factors[i].spread);
      a[i][i] = precision;
      b[i] = -precision * logs[i];
    }
    for (const auto* point : points) {
      const double off = residual(device, backend, *point, calibration_at(logs));
      Vector slope;
      for (std::size_t i = 0; i < k_count; ++i) {
        Vector nudged = logs;
        nudged[i] += k_nudge;
        slope[i] = (off - residual(device, backend, *point, calibration_at(nudged))) / k_nudge;
      }
      const double weight = 1 / (k_noise * k_noise * (1 + (off / k_odd) * (off / k_odd)));
      for (std::size_t i = 0; i < k_count; ++i) {
        b[i] += weight * slope[i] * off;
        for (std::size_t j = 0; j < k_count; ++j) a[i][j] += weight * slope[i] * slope[j];
      }
    }
    const Vector stride = solve(a, b);
    for (std::size_t i = 0; i < k_count; ++i) logs[i] += std::clamp(stride[i], -k_longest_stride, k_longest_stride);
  }
  return calibration_at(logs);
}

bool credible(double log_ratio) { return std::abs(log_ratio) < std::log(k_widest); }

}  // namespace

Calibration calibrate(const ComputeDevice& device, const Backend& backend, std::span<const CalibrationPoint> points) {
  std::vector<const CalibrationPoint*> decode;
  double prefill = 0;
  int prefill_points = 0;
  for (const auto& point : points) {
    if (!(point.tokens_per_s > 0) || !(point.model.params > 0)) continue;
    if (point.prefill) {
      const auto step = predict::prefill_step(device, point.model, point.work, backend, point.split, {});
      const double off = std::log(step.tokens / point.tokens_per_s / step.total());
      if (!credible(off)) continue;
      prefill += off;
      ++prefill_points;
    } else if (credible(residual(device, backend, point, {}))) {
      decode.push_back(&point);
    }
  }
  Calibration calibration;
  if (!decode.empty()) calibration = fit_decode(device, backend, decode);
  if (prefill_points > 0) {
    // The mean, drawn to 1 as far as one benchmark's noise allows.
    const double noise = k_noise * k_noise / (k_prefill_spread * k_prefill_spread);
    calibration.prefill = std::exp(prefill / (prefill_points + noise));
  }
  calibration.decode_points = static_cast<int>(decode.size());
  calibration.prefill_points = prefill_points;
  if (!decode.empty() || prefill_points > 0) calibration.origin = Origin::calibrated;
  return calibration;
}

}  // namespace hardscape
