#include "base/text.hpp"

#include <gtest/gtest.h>

namespace hardscape {
namespace {

TEST(Text, ParsesWholeNumbersOnly) {
  EXPECT_EQ(parse_integer("42"), 42);
  EXPECT_EQ(parse_integer(" -7\n"), -7);
  EXPECT_EQ(parse_integer("0x1f", 16), 31);
  for (const auto* bad : {"", "4x", "9223372036854775808", "--1", "1 2"}) EXPECT_FALSE(parse_integer(bad)) << bad;
  EXPECT_FALSE(parse_number("nan"));
  EXPECT_FALSE(parse_number("1e999"));
}

TEST(Text, OrdersNumbersInsideNames) {
  EXPECT_TRUE(natural_less("cpu2", "cpu10"));
  EXPECT_FALSE(natural_less("cpu10", "cpu2"));
  EXPECT_TRUE(natural_less("a", "a1"));
  EXPECT_TRUE(natural_less("card0", "card0-DP-1"));
  EXPECT_NE(natural_less("x01", "x1"), natural_less("x1", "x01"));
}

TEST(Text, DistanceCountsSwappedLettersOnce) {
  EXPECT_EQ(edit_distance("detcet", "detect"), 1u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
}

TEST(Text, SuggestsWhatIsNearAndNothingElse) {
  const std::vector<std::string> names{"rtx-4090", "rtx-4080", "h100-sxm"};
  EXPECT_EQ(nearest("rtx-409", names).front(), "rtx-4090");
  EXPECT_TRUE(nearest("banana", names).empty());
}

TEST(Text, ShowsNoControlCharactersOrBrokenUtf8) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a?[31mb");
  EXPECT_EQ(printable("\xC3\xA9"), "\xC3\xA9");
  EXPECT_EQ(printable("\xC3("), "?(");
  EXPECT_EQ(printable("\xC2\x9B" "x"), "?x");
  EXPECT_EQ(printable("\xED\xA0\x80"), "???");
}

TEST(Text, SplitsLinesOfBothKinds) {
  const auto lines = split_lines("a\r\nb\n\nc");
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], "a");
  EXPECT_EQ(lines[2], "");
}

}  // namespace
}  // namespace hardscape
