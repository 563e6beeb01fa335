#include "hardscape/predict_published.hpp"

#include <gtest/gtest.h>

namespace hardscape {
namespace {

TEST(Published, HasItsRowsEachWithASource) {
  ASSERT_GT(published_speeds().size(), 3000U);
  for (const auto& row : published_speeds()) {
    ASSERT_NE(row.source, nullptr);
    EXPECT_FALSE(row.source->url.empty());
    EXPECT_FALSE(row.hardware.empty());
    EXPECT_GT(row.tokens_per_s, 0) << row.hardware;
  }
}

TEST(Published, LeavesOutWhatIsKnownToBeWrong) {
  for (const auto& row : published_speeds()) {
    if (!is_usable(row)) continue;
    EXPECT_EQ(row.batch, 1);
    EXPECT_EQ(row.flag.find("OUTLIER"), std::string::npos);
  }
}

TEST(Published, FindsTheClosestRows) {
  const auto rows = closest_published("RTX 4090", "Llama-2-7B", "Q4_0", "tg");
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows.front()->model, "Llama-2-7B");
  EXPECT_EQ(rows.front()->quant, "Q4_0");
  EXPECT_TRUE(closest_published("Abacus", "Llama-2-7B", "Q4_0", "tg").empty());
}

}  // namespace
}  // namespace hardscape
