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

TEST(JsonReading, RefusesNumbersThatNothingHolds) {
  for (const auto* text : {R"({"a": 1e999})", R"({"a": -1e999})"}) {
    const auto values = parse_json(text, "x.json");
    ASSERT_FALSE(values);
    EXPECT_EQ(values.error().message.substr(0, 8), "x.json: ");
    EXPECT_FALSE(JsonDocument::parse(text, "x.json"));
  }
  EXPECT_FALSE(JsonDocument::parse(R"({"a": 99999999999999999999})", "x.json"));
}

TEST(JsonReading, DocumentsAreRefusedWithTheSamePlaces) {
  const std::string text = "{\n  \"a\": 1,\n  \"b\": ?\n}";
  EXPECT_EQ(JsonDocument::parse(text, "x").error().message, parse_json(text, "x").error().message);
  EXPECT_FALSE(JsonDocument::parse("", "x"));
  EXPECT_FALSE(JsonDocument::parse(std::string(5000, '['), "x"));
}

TEST(JsonReading, ValuesOutliveTheTextAndAreEmptyForOtherKinds) {
  const auto document = [] {
    const std::string text = R"({"s": "t\u00e9xt", "n": -2.5, "w": 9007199254740993, "l": [1, "x"], "t": true})";
    return JsonDocument::parse(text, "x");
  }();
  ASSERT_TRUE(document);
  const auto root = document->root();
  EXPECT_EQ(root.find("s")->text(), "t\xc3\xa9xt");
  EXPECT_EQ(root.find("n")->number(), -2.5);
  EXPECT_FALSE(root.find("n")->integer());
  EXPECT_EQ(root.find("w")->integer(), 9007199254740993);
  EXPECT_EQ(root.find("l")->elements().size(), 2U);
  EXPECT_TRUE(root.find("t")->flag());
  EXPECT_FALSE(root.find("absent"));
  EXPECT_EQ(root.text(), "");
  EXPECT_TRUE(root.find("s")->members().empty());
  EXPECT_EQ(root.find("l")->dump(), R"([1,"x"])");
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
