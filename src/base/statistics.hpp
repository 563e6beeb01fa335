// Describing samples of a measurement; pure arithmetic.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hardscape {

// All zero for no samples; the caller says so before it shows them.
double mean_of(std::span<const double> samples);
double median_of(std::span<const double> samples);
// Sample standard deviation (n - 1); 0 for fewer than two.
double stddev_of(std::span<const double> samples);
// Linear interpolation between order statistics (R type 7); p in 0..1.
double quantile_of(std::span<const double> samples, double p);
// Median absolute deviation from the median, unscaled.
double median_deviation_of(std::span<const double> samples);

struct Interval {
  double low = 0;
  double high = 0;
};
// Percentile bootstrap interval of the median (Efron 1979), the same for the same samples on every computer.
Interval bootstrap_median(std::span<const double> samples, double confidence = 0.95, int resamples = 1000);

// Small generator with the same sequence everywhere (splitmix64, Steele et al. 2014); not for secrets.
class Splitmix {
 public:
  explicit Splitmix(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  double uniform();                        // [0, 1)
  std::uint64_t below(std::uint64_t most); // [0, most)
  double normal();                         // standard normal (Box-Muller)

 private:
  std::uint64_t state_;
};

}  // namespace hardscape
