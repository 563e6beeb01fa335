#include <algorithm>
#include <cmath>
#include <vector>

#include "hardscape/predict.hpp"
#include "predict/step.hpp"

namespace hardscape {
namespace {

// Prior spread of the factors and noise of one benchmark, in logarithms.
constexpr double k_memory_spread = 0.5;
constexpr double k_overhead_spread = 0.7;
constexpr double k_noise = 0.05;
constexpr int k_rounds = 20;
constexpr double k_longest_stride = 0.5;
// More than this between prediction and measurement is another device or another model.
constexpr double k_widest = 8;

struct Parts {
  double memory = 0;    // seconds that the memory factor multiplies
  double overhead = 0;  // seconds that the overhead factor multiplies
  double rest = 0;
  double measured = 0;  // seconds
};

Parts parts_of(const ComputeDevice& device, const Backend& backend, const CalibrationPoint& point) {
  const auto step = predict::decode_step(device, point.model, point.work, backend, point.split, {});
  Parts parts;
  parts.memory = step.weights + step.cache + step.arithmetic;
  parts.overhead = step.overhead;
  parts.rest = step.link + step.host;
  parts.measured = step.tokens / point.tokens_per_s;
  return parts;
}

// Gauss-Newton on the logarithms of the two factors.
void fit_decode(const std::vector<Parts>& points, Calibration& calibration) {
  double x = 0;
  double y = 0;
  for (int round = 0; round < k_rounds; ++round) {
    double xx = 1 / (k_memory_spread * k_memory_spread);
    double yy = 1 / (k_overhead_spread * k_overhead_spread);
    double xy = 0;
    double gx = -x * xx;
    double gy = -y * yy;
    for (const auto& p : points) {
      const double memory = std::exp(x) * p.memory;
      const double overhead = std::exp(y) * p.overhead;
      const double total = memory + overhead + p.rest;
      const double residual = std::log(p.measured / total) / (k_noise * k_noise);
      const double dx = memory / total;
      const double dy = overhead / total;
      xx += dx * dx / (k_noise * k_noise);
      yy += dy * dy / (k_noise * k_noise);
      xy += dx * dy / (k_noise * k_noise);
      gx += dx * residual;
      gy += dy * residual;
    }
    const double determinant = xx * yy - xy * xy;
    x += std::clamp((gx * yy - gy * xy) / determinant, -k_longest_stride, k_longest_stride);
    y += std::clamp((gy * xx - gx * xy) / determinant, -k_longest_stride, k_longest_stride);
  }
  calibration.memory = std::exp(x);
  calibration.overhead = std::exp(y);
}

}  // namespace

Calibration calibrate(const ComputeDevice& device, const Backend& backend, std::span<const CalibrationPoint> points) {
  Calibration calibration;
  std::vector<Parts> decode;
  std::vector<double> prefill;
  for (const auto& point : points) {
    if (!(point.tokens_per_s > 0) || !(point.model.params > 0)) continue;
    if (point.prefill) {
      const auto step = predict::prefill_step(device, point.model, point.work, backend, point.split, {});
      const double ratio = step.tokens / point.tokens_per_s / step.total();
      if (ratio < k_widest && ratio > 1 / k_widest) prefill.push_back(std::log(ratio));
    } else {
      const auto parts = parts_of(device, backend, point);
      const double ratio = parts.measured / (parts.memory + parts.overhead + parts.rest);
      if (ratio < k_widest && ratio > 1 / k_widest) decode.push_back(parts);
    }
  }
  if (!decode.empty()) fit_decode(decode, calibration);
  if (!prefill.empty()) {
    double sum = 0;
    for (const double value : prefill) sum += value;
    calibration.prefill = std::exp(sum / static_cast<double>(prefill.size()));
  }
  calibration.decode_points = static_cast<int>(decode.size());
  calibration.prefill_points = static_cast<int>(prefill.size());
  if (!decode.empty() || !prefill.empty()) calibration.origin = Origin::calibrated;
  return calibration;
}

}  // namespace hardscape
