#include "hardscape/cost_finance.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hardscape::cost {
namespace {

TEST(Finance, CapitalRecoveryFactorOfTheTables) {
  // Compound interest tables of engineering economics textbooks, A/P column.
  EXPECT_NEAR(capital_recovery_factor(0.08, 5), 0.2505, 5e-5);
  EXPECT_NEAR(capital_recovery_factor(0.10, 10), 0.1627, 5e-5);
  EXPECT_NEAR(capital_recovery_factor(0.05, 3), 0.3672, 5e-5);
  EXPECT_DOUBLE_EQ(capital_recovery_factor(0, 4), 0.25);
}

TEST(Finance, RecoveredPaymentsAreWorthThePrice) {
  for (const double rate : {0.0, 1e-9, 0.03, 0.12, 1.0})
    for (const double years : {1.0, 3.0, 5.0, 20.0}) {
      double worth = 0;
      for (int year = 1; year <= static_cast<int>(years); ++year)
        worth += capital_recovery_factor(rate, years) / std::pow(1 + rate, year);
      EXPECT_NEAR(worth, 1, 1e-12) << rate << " " << years;
      EXPECT_NEAR(capital_recovery_factor(rate, years) * annuity_factor(rate, years), 1, 1e-12);
    }
}

TEST(Finance, AnnualCapitalCostIsThePresentValueSpreadOut) {
  const double price = 32000, residual = 0.2, rate = 0.08, years = 5;
  const double present = price - price * residual / std::pow(1 + rate, years);
  EXPECT_NEAR(annual_capital_cost(price, residual, rate, years), present * capital_recovery_factor(rate, years), 1e-9);
  EXPECT_NEAR(annual_capital_cost(price, residual, 0, years), price * (1 - residual) / years, 1e-9);
}

TEST(Finance, SpotPriceCountsTheWorkLost) {
  EXPECT_DOUBLE_EQ(effective_spot_price(1, 0, 1, 1, 1), 1);
  // One interruption every 10 hours, checkpoints each hour, 6 minutes to start again, to be had 9 times in 10.
  EXPECT_NEAR(effective_spot_price(1, 0.1, 1, 0.1, 0.9), 1.06 / 0.9, 1e-12);
}

TEST(Finance, Payback) {
  EXPECT_NEAR(payback_months(900, 660 - 2.4), 1.3686, 1e-4);
  EXPECT_TRUE(std::isinf(payback_months(900, 0)));
  EXPECT_TRUE(std::isinf(payback_months(900, -2.4)));
  EXPECT_EQ(payback_months(0, 0), 0);
  EXPECT_EQ(payback_months(-100, 5), 0);
}

TEST(Finance, MeanOfAGrowingPrice) {
  EXPECT_EQ(mean_of_growing(0.15, 0, 5), 0.15);
  EXPECT_NEAR(mean_of_growing(0.15, 1e-9, 5), 0.15, 1e-8);
  EXPECT_GT(mean_of_growing(0.15, 0.05, 5), 0.15);
  EXPECT_LT(mean_of_growing(0.15, 0.05, 5), 0.15 * std::pow(1.05, 5));
}

TEST(Finance, Depreciation) {
  EXPECT_DOUBLE_EQ(straight_line(1000, 100, 3), 300);
  // 1000 over 5 years, salvage 100: 400, 240, 144, 86.4, 29.6 (down to the salvage value).
  EXPECT_DOUBLE_EQ(double_declining(1000, 100, 5, 1), 400);
  EXPECT_DOUBLE_EQ(double_declining(1000, 100, 5, 2), 240);
  EXPECT_NEAR(double_declining(1000, 100, 5, 4), 86.4, 1e-9);
  EXPECT_NEAR(double_declining(1000, 100, 5, 5), 29.6, 1e-9);
}

TEST(Finance, ReservedAndTokens) {
  EXPECT_DOUBLE_EQ(reserved_worth_above(1.8, 3), 0.6);
  EXPECT_NEAR(usd_per_million_tokens(3.6, 1000, 1), 1, 1e-12);
  EXPECT_NEAR(usd_per_million_tokens(3.6, 1000, 0.5), 2, 1e-12);
}

}  // namespace
}  // namespace hardscape::cost
