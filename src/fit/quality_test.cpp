// Ranking quantities against figures worked out apart from the code.
#include "fit/quality.hpp"

#include <gtest/gtest.h>

namespace hardscape::fit_data {
namespace {

TEST(Quality, RetentionFollowsPerplexity) {
  // (ln 6.2332 / ln(6.2332 + added))^(1 / 0.076), by hand.
  EXPECT_NEAR(*retention("Q8_0"), 0.997, 0.001);
  EXPECT_NEAR(*retention("Q4_K_M"), 0.820, 0.002);
  EXPECT_NEAR(*retention("Q3_K_M"), 0.496, 0.005);
  EXPECT_NEAR(*retention("Q2_K"), 0.056, 0.002);
  EXPECT_FALSE(retention("Q9_K").has_value());
}

TEST(Quality, FewerBitsAreNeverWorthMore) {
  double before = 1;
  for (const auto& quant : ladder("bf16")) {
    ASSERT_TRUE(retention(quant)) << quant;
    EXPECT_LT(*retention(quant), before);
    before = *retention(quant);
  }
  EXPECT_EQ(ladder("mxfp4"), std::vector<std::string>{"MXFP4"});
}

TEST(Quality, WorthHalvesWithAge) {
  EXPECT_DOUBLE_EQ(worth(8e9, 8e9, 4.8, "F16"), 4e9);
  EXPECT_DOUBLE_EQ(worth(100e9, 4e9, 0, "F16"), 20e9);
  EXPECT_DOUBLE_EQ(worth(8e9, 0, std::nullopt, "F16"), 8e9);
}

TEST(Quality, EveryUseAndClassIsThere) {
  EXPECT_EQ(uses().size(), 4u);
  EXPECT_GE(size_classes().size(), 8u);
  EXPECT_NEAR(find_use("chat")->tokens_per_s, 250.0 / 60 * 1.3, 0.05);
}

}  // namespace
}  // namespace hardscape::fit_data
