#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "hardscape/select_guide.hpp"
#include "hardscape/select_scenarios.hpp"

namespace hardscape {
namespace {

// The guide has five personas, four budget rows and seven use cases (its sections 9, 5 and 12).
TEST(Scenarios, AreThoseOfTheGuide) {
  std::map<std::string, int> of_group;
  std::set<std::string> ids;
  for (const Scenario& s : scenarios()) {
    ++of_group[s.group];
    EXPECT_TRUE(ids.insert(s.id).second) << s.id;
    EXPECT_FALSE(s.guide.empty()) << s.id;
    EXPECT_TRUE(with_defaults(s.question)) << s.id;
    const auto& sizes = guide_model_sizes();
    EXPECT_NE(std::find(sizes.begin(), sizes.end(), s.question.model), sizes.end()) << s.id;
    EXPECT_TRUE(s.question.budget || s.question.monthly_budget) << s.id;
  }
  EXPECT_EQ(of_group["persona"], 5);
  EXPECT_EQ(of_group["budget"], 4);
  EXPECT_EQ(of_group["use case"], 7);
}

TEST(Scenarios, AreFoundByName) {
  ASSERT_NE(find_scenario("solo-developer"), nullptr);
  EXPECT_EQ(find_scenario("solo-developer")->question.budget->value, 2000);
  EXPECT_EQ(find_scenario("nobody"), nullptr);
}

TEST(Scenarios, SayWhyTheGuideDiffers) {
  Recommendation nothing;
  const auto said = differences(*find_scenario("budget-500"), nothing);
  ASSERT_EQ(said.size(), 2u);
  EXPECT_NE(said[0].find("$500"), std::string::npos);
}

}  // namespace
}  // namespace hardscape
