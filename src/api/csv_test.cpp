#include "api/csv.hpp"

#include <gtest/gtest.h>

namespace hardscape {
namespace {

TEST(Csv, FollowsRfc4180) {
  const auto rows = parse_csv("a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\r\n\r\n1,\r\n", "t.csv");
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 3U);
  EXPECT_EQ((*rows)[1][0], "x, \"y\"");
  EXPECT_EQ((*rows)[1][1], "two\nlines");
  EXPECT_EQ((*rows)[2], (CsvRow{"1", ""}));
  EXPECT_EQ(csv_line((*rows)[1]), "\"x, \"\"y\"\"\",\"two\nlines\"\n");
}

TEST(Csv, NamesTheLineOfWhatIsWrong) {
  const auto ragged = parse_csv("a,b\n1,2\n1,2,3\n", "t.csv");
  ASSERT_FALSE(ragged);
  EXPECT_NE(ragged.error().message.find("t.csv: line 3"), std::string::npos) << ragged.error().message;
  EXPECT_FALSE(parse_csv("a\n\"open", "t.csv"));
  EXPECT_TRUE(parse_csv("", "t.csv")->empty());
}

}  // namespace
}  // namespace hardscape
