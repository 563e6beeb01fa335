#include "cli/commands/select_ask.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <memory>

namespace hardscape::cli {
namespace {

Talk lines(std::deque<std::string> given, std::string* said = nullptr) {
  auto left = std::make_shared<std::deque<std::string>>(std::move(given));
  return {[said](std::string_view text) {
            if (said != nullptr) *said += text;
          },
          [left] {
            if (left->empty()) return std::string();
            std::string line = left->front();
            left->pop_front();
            return line;
          },
          {}};
}

Talk keys(std::deque<Key> given) {
  auto left = std::make_shared<std::deque<Key>>(std::move(given));
  return {[](std::string_view) {}, [] { return std::string(); },
          [left] {
            if (left->empty()) return Key{};
            const Key key = left->front();
            left->pop_front();
            return key;
          }};
}

constexpr Key k_enter{Key::Kind::enter}, k_down{Key::Kind::down}, k_up{Key::Kind::up}, k_back{Key::Kind::back},
    k_cancel{Key::Kind::cancel};
Key letter(char c) { return {Key::Kind::letter, c}; }

// The guide's own defaults: $1,000, development, home, 7B, balanced.
const FiveAnswers k_defaults{"1000", "development", "home", "7B", "balanced"};

TEST(Ask, SilenceTakesTheDefaults) {
  EXPECT_EQ(ask_five(lines({})), k_defaults);
  EXPECT_EQ(ask_five(keys({k_enter, k_enter, k_enter, k_enter, k_enter})), k_defaults);
}

TEST(Ask, TakesLettersValuesAndAmounts) {
  EXPECT_EQ(ask_five(lines({"c", "b", "a", "d", "a"})), (FiveAnswers{"2500", "inference", "home", "34B", "speed"}));
  EXPECT_EQ(ask_five(lines({"$2,000", "Inference", "office", "34b", "cost"})),
            (FiveAnswers{"2000", "inference", "office", "34B", "cost"}));
}

TEST(Ask, GoesBack) {
  EXPECT_EQ(ask_five(lines({"a", "b", "<", "<", "d", "a", "", "", ""})),
            (FiveAnswers{"5000", "training", "home", "7B", "balanced"}));
  EXPECT_EQ(ask_five(keys({letter('a'), k_back, letter('d'), letter('a'), k_enter, k_enter, k_enter})),
            (FiveAnswers{"5000", "training", "home", "7B", "balanced"}));
}

TEST(Ask, ArrowsMoveAndWrap) {
  EXPECT_EQ(ask_five(keys({k_down, k_enter, k_up, k_enter, k_up, k_enter, k_enter, k_down, k_enter})),
            (FiveAnswers{"2500", "both", "mobile", "7B", "speed"}));
}

TEST(Ask, DigitsAreAnAmountThere) {
  EXPECT_EQ(ask_five(keys({letter('1'), letter('2'), letter('9'), k_back, letter('0'), k_enter, k_enter, k_enter, k_enter, k_enter}))
                ->budget,
            "120");
}

TEST(Ask, GivingUpIsNoAnswer) {
  EXPECT_FALSE(ask_five(keys({k_enter, k_cancel})));
  EXPECT_FALSE(ask_five(keys({k_enter})));   // the terminal went away
  EXPECT_FALSE(ask_five(lines({"a", "quit"})));
}

TEST(Ask, NonsenseIsAskedAgainAndNotForEver) {
  std::string said;
  EXPECT_EQ(ask_five(lines({"z", "b", "", "", "", ""}, &said))->budget, "1000");
  EXPECT_NE(said.find("One of a to e"), std::string::npos);
  EXPECT_FALSE(ask_five(lines({"?", "?", "?", "?", "?"})));
}

TEST(Ask, SaysTheSameAsACommand) {
  EXPECT_EQ(k_defaults.command_line(),
            "hardscape select --budget 1000 --use-case development --location home --model-size 7B --priority balanced");
}

}  // namespace
}  // namespace hardscape::cli
