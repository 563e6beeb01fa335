#include "base/statistics.hpp"

#include <gtest/gtest.h>

#include <array>

namespace hardscape {
namespace {

// R 4.2: x <- c(2, 4, 4, 4, 5, 5, 7, 9); mean, median, sd, quantile(x, .1, type = 7), mad(x, constant = 1)
TEST(Statistics, AgreeWithR) {
  const std::array<double, 8> x{2, 4, 4, 4, 5, 5, 7, 9};
  EXPECT_DOUBLE_EQ(mean_of(x), 5);
  EXPECT_DOUBLE_EQ(median_of(x), 4.5);
  EXPECT_NEAR(stddev_of(x), 2.13809, 1e-5);
  EXPECT_NEAR(quantile_of(x, 0.1), 3.4, 1e-12);
  EXPECT_DOUBLE_EQ(median_deviation_of(x), 0.5);
}

TEST(Statistics, TheIntervalHoldsTheMedianAndNarrowsWithSamples) {
  Splitmix random(1);
  std::vector<double> few, many;
  for (int i = 0; i < 10; ++i) few.push_back(random.normal());
  for (int i = 0; i < 1000; ++i) many.push_back(random.normal());
  const auto wide = bootstrap_median(few);
  const auto narrow = bootstrap_median(many);
  EXPECT_LE(wide.low, median_of(few));
  EXPECT_GE(wide.high, median_of(few));
  EXPECT_LT(narrow.high - narrow.low, (wide.high - wide.low) / 3);
}

// First outputs of splitmix64 for seed 1234567, as published with the reference implementation.
TEST(Splitmix, GivesItsPublishedSequence) {
  Splitmix random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317ull);
  EXPECT_EQ(random.next(), 3203168211198807973ull);
  EXPECT_EQ(random.next(), 9817491932198370423ull);
}

TEST(Splitmix, StaysBelow) {
  Splitmix random(3);
  for (int i = 0; i < 1000; ++i) EXPECT_LT(random.below(7), 7u);
}

}  // namespace
}  // namespace hardscape
