#include "measure/accelerator/test_data.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "measure/accelerator/chain_reference.hpp"

namespace hardscape::measuring {
namespace {

TEST(TestData, HalfNumbersAreThoseOfIeee754) {
  // IEEE 754-2008 binary16: published bit patterns.
  const struct {
    double value;
    std::uint16_t bits;
  } rows[] = {{1.0, 0x3c00},    {-2.0, 0xc000},  {65504.0, 0x7bff},      {1.0 / 3, 0x3555},
              {0x1p-14, 0x0400}, {0x1p-24, 0x0001}, {0x1.ff8p-15, 0x03ff}, {0.0, 0x0000}};
  for (const auto& row : rows) {
    EXPECT_EQ(half_bits(row.value), row.bits) << row.value;
    if (row.value != 1.0 / 3) {
      EXPECT_EQ(half_from_bits(row.bits), row.value);
    }
  }
  EXPECT_EQ(half_bits(65520.0), 0x7c00);                    // rounds to infinity
  EXPECT_EQ(rounded_to_half(2049.0), 2048.0);               // tie to even
  EXPECT_EQ(rounded_to_half(2051.0), 2052.0);
  EXPECT_EQ(rounded_to_half(0x1p-25), 0.0);
  EXPECT_TRUE(std::isnan(half_from_bits(0x7e01)));
  EXPECT_EQ(bfloat_bits(1.0), 0x3f80);
  EXPECT_EQ(bfloat_bits(-1.9), 0xbff3);                     // 1.8984375
  EXPECT_EQ(rounded_to_bfloat(257.0), 256.0);
  for (unsigned bits = 0; bits < 0x7c00; ++bits)
    EXPECT_EQ(half_bits(half_from_bits(static_cast<std::uint16_t>(bits))), bits);
}

TEST(TestData, NumbersLookNormal) {
  constexpr int k_count = 200'000;
  double sum = 0, squares = 0, fourth = 0;
  for (std::uint64_t i = 0; i < k_count; ++i) {
    const double x = normal_at(i);
    EXPECT_EQ(static_cast<double>(normal_at(i)), std::round(x * 32768) / 32768);
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
  }
  const double variance = squares / k_count;
  EXPECT_NEAR(sum / k_count, 0, 5 * 1.155 / std::sqrt(k_count));
  EXPECT_NEAR(variance, 4.0 / 3, 0.02);                     // four uniforms of width 2: 4 x 4/12
  EXPECT_NEAR(fourth / k_count / (variance * variance), 2.7, 0.03);  // Irwin-Hall of 4: 3 - 6/5/4
}

TEST(TestData, ChainsStayBoundedAndNeverSettle) {
  for (const auto type : {ChainType::fp64, ChainType::fp32, ChainType::fp16}) {
    double least = 9, most = -9;
    for (std::uint64_t steps = 1000; steps < 1064; ++steps) {
      const double x = chain_after(type, chain_start(7), k_chain_constant, steps);
      EXPECT_LE(std::abs(x), 2.0);
      least = std::min(least, x);
      most = std::max(most, x);
    }
    EXPECT_GT(most - least, 2.0);
  }
  EXPECT_EQ(chain_after(ChainType::fp64, 0.5, -2.0, 1), -1.75);
  EXPECT_EQ(chain_sum(ChainType::fp32, 0, 2, 1, 0, false), 0.25 + 0.25 + 1.0 / 256);
  EXPECT_EQ(chain_sum(ChainType::fp32, 5, 4, 8, 100, true), 0.0);
}

TEST(TestData, DotProductsFollowTheirDefinition) {
  // 0x01020304 . 0x01010101 = 10, added to the word itself.
  EXPECT_EQ(dot4_sum(0, 1, 0, 0x01010101, false, true), 0x3c6ef372u);
  // bytes of 0x3c6ef372: 0x3c=60, 0x6e=110, 0xf3=-13, 0x72=114; with factor of ones the sum is 271.
  EXPECT_EQ(dot4_sum(0, 1, 1, 0x01010101, false, true), 0x3c6ef372u + 271u);
  // x = 11 first, c = 45: 11 * 11 + 45 = 166.
  EXPECT_EQ(char_sum(0, 1, 1, 45, false), 166);
}

}  // namespace
}  // namespace hardscape::measuring
