#include "base/json_reading.hpp"

#include <gtest/gtest.h>

namespace hardscape {
namespace {

TEST(JsonReading, SaysWhereATextIsNotJson) {
  const auto result = parse_json("{\n  \"a\": 1,\n  \"b\": ?\n}", "data/x.json");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::malformed);
  EXPECT_EQ(result.error().message.substr(0, 17), "data/x.json:3:8: ") << result.error().message;
}

TEST(JsonReading, NamesTheFirstKeyThatIsWrong) {
  const auto json = JsonDocument::parse(R"({"devices": [{"id": "a"}, {"id": 7}]})", "x");
  ASSERT_TRUE(json);
  std::optional<Error> failure;
  const JsonReader root(json->root(), "", failure);
  for (const auto& device : root.array("devices")) device.need_text("id");
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->message, "/devices/1/id: expected a text, found 7");
}

TEST(JsonReading, NullAndAbsentAreTheSame) {
  const auto json = JsonDocument::parse(R"({"a": null})", "x");
  std::optional<Error> failure;
  const JsonReader root(json->root(), "", failure);
  EXPECT_FALSE(root.number("a"));
  EXPECT_FALSE(root.number("b"));
  EXPECT_FALSE(failure);
  root.need_integer("b");
  EXPECT_TRUE(failure);
}

TEST(JsonReading, WholeNumbersDoNotOverflow) {
  const auto json = JsonDocument::parse(R"({"a": 18446744073709551615})", "x");
  std::optional<Error> failure;
  EXPECT_FALSE(JsonReader(json->root(), "", failure).integer("a"));
  EXPECT_TRUE(failure);
}

}  // namespace
}  // namespace hardscape
