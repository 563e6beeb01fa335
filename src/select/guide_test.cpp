#include <gtest/gtest.h>

#include <set>

#include "hardscape/select_guide.hpp"
#include "support/parsed.hpp"

namespace hardscape {
namespace {

// Every question of the guide's printed selector and what it answers, recorded by running it.
TEST(Guide, GivesThePrintedAnswerInAll10800Cases) {
  const Json cases = parsed_file("tests/select/guide_cases.json");
  const Json& axes = cases.at("axes");
  std::vector<std::size_t> expected;
  for (const Json& run : cases.at("runs")) expected.insert(expected.end(), run[1].get<std::size_t>(), run[0].get<std::size_t>());
  ASSERT_EQ(expected.size(), 10800u);
  std::size_t at = 0;
  for (const Json& budget : axes.at("budget")) {
    for (const Json& use : axes.at("use_case")) {
      for (const Json& location : axes.at("location")) {
        for (const Json& size : axes.at("model_size")) {
          for (const Json& priority : axes.at("priority")) {
            const auto answer = ask_guide({budget, use, location, size, priority});
            ASSERT_TRUE(answer);
            const Json& want = cases.at("answers").at(expected[at]);
            ASSERT_EQ(answer->primary, want.at("primary")) << "case " << at;
            ASSERT_EQ(answer->alternative, want.at("alternative")) << "case " << at;
            ASSERT_EQ(answer->estimated_cost, want.at("estimated_cost")) << "case " << at;
            ASSERT_EQ(answer->reasoning.size(), want.at("reasons").get<std::size_t>()) << "case " << at;
            ASSERT_EQ(answer->warnings.size(), want.at("warnings").get<std::size_t>()) << "case " << at;
            ++at;
          }
        }
      }
    }
  }
  EXPECT_EQ(at, expected.size());
}

struct Broken {
  GuideQuestion question;
  bool budget;
  bool memory;
};

bool says(const GuideAnswer& answer, std::string_view words) {
  for (const std::string& note : answer.notes) {
    if (note.find(words) != std::string::npos) return true;
  }
  return false;
}

// By the guide's own prices and its own table of needs (2, 4, 8, 20, 40, 100 GB).
TEST(Guide, MarksAnswersThatBreakTheirOwnBudgetOrMemory) {
  const Broken table[] = {
      {{300, "inference", "home", "7B", "portability"}, true, false},     // 300 $ -> a 1,500 $ laptop
      {{1500, "training", "home", "7B", "speed"}, true, false},           // 1,500 $ -> card and system of 2,500 $
      {{2500, "training", "home", "7B", "speed"}, false, false},
      {{1500, "inference", "home", "70B", "speed"}, false, true},         // 40 GB on a 24 GB card
      {{1500, "inference", "home", "34B", "speed"}, false, false},
      {{2500, "inference", "office", "180B", "portability"}, false, true},
      {{0, "edge", "home", "7B", "cost"}, true, false},
      {{0, "inference", "datacenter", "180B", "cost"}, false, false},     // rented
  };
  for (const Broken& row : table) {
    const auto answer = ask_guide(row.question);
    ASSERT_TRUE(answer);
    EXPECT_EQ(says(*answer, "its own budget"), row.budget) << row.question.budget_usd << answer->primary;
    EXPECT_EQ(says(*answer, "its own memory"), row.memory) << row.question.model_size << answer->primary;
  }
}

TEST(Guide, SaysThatSomeConfigurationsWereNeverSold) {
  const auto answer = ask_guide({2500, "development", "home", "7B", "portability"});
  ASSERT_TRUE(answer);
  EXPECT_TRUE(says(*answer, "never sold"));
}

TEST(Guide, NamesTheWordItDoesNotKnow) {
  for (const GuideQuestion& question :
       {GuideQuestion{100, "gaming", "home", "7B", "cost"}, GuideQuestion{100, "edge", "moon", "7B", "cost"},
        GuideQuestion{100, "edge", "home", "8B", "cost"}, GuideQuestion{100, "edge", "home", "7B", "luck"},
        GuideQuestion{-1, "edge", "home", "7B", "cost"}}) {
    const auto answer = ask_guide(question);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::invalid_argument);
  }
  EXPECT_NE(ask_guide({100, "edge", "home", "8B", "cost"}).error().message.find("13B"), std::string::npos);
}

TEST(Guide, WritesItsDocument) {
  const GuideQuestion question{2000, "inference", "home", "13B", "balanced"};
  const Json json = parsed(to_json(question, *ask_guide(question)));
  EXPECT_EQ(json.at("schema"), "hardscape.select/1");
  for (const char* key : {"primary", "alternative", "estimated_cost", "reasoning", "warnings", "notes", "question"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  EXPECT_EQ(json.at("question").at("budget_usd"), 2000);
}

}  // namespace
}  // namespace hardscape
