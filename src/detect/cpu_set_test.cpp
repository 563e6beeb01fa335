#include "detect/cpu_set.hpp"

#include <gtest/gtest.h>

namespace hardscape {
namespace {

TEST(CpuSetTest, ReadsTheListsThatKernelsWrite) {
  const struct {
    const char* text;
    int count;
    int first;
    const char* list;
  } cases[] = {
      {"0\n", 1, 0, "0"},
      {"0-3,8", 5, 0, "0-3,8"},
      {"1,3-17", 16, 1, "1,3-17"},            // cpu0 offline
      {"0-30:2/4", 16, 0, "0-1,4-5,8-9,12-13,16-17,20-21,24-25,28-29"},
      {"", 0, -1, ""},
      {"\n", 0, -1, ""},
  };
  for (const auto& c : cases) {
    const auto set = parse_cpu_list(c.text);
    ASSERT_TRUE(set) << c.text;
    EXPECT_EQ(set->count(), c.count) << c.text;
    EXPECT_EQ(set->first(), c.first) << c.text;
    EXPECT_EQ(to_list(*set), c.list);
  }
}

TEST(CpuSetTest, RefusesWhatIsNoList) {
  for (const char* text : {"x", "3-1", "-1", "1-", "1,,2", "0-3:0/2", "0-3:2", "99999999999999999999", "0\0001"}) {
    EXPECT_FALSE(parse_cpu_list(text) && std::string_view(text) != "0") << text;
  }
}

TEST(CpuSetTest, ReadsTheMasksThatKernelsWrite) {
  EXPECT_EQ(to_list(parse_cpu_mask("ff").value()), "0-7");
  EXPECT_EQ(to_list(parse_cpu_mask("00000001,00000000\n").value()), "32");
  EXPECT_EQ(to_list(parse_cpu_mask("80000000,00000000,0000000f").value()), "0-3,95");
  EXPECT_EQ(to_list(parse_cpu_mask("100000000").value()), "32") << "a word without commas";
  EXPECT_EQ(to_list(parse_cpu_mask("00000000").value()), "");
  EXPECT_FALSE(parse_cpu_mask(""));
  EXPECT_FALSE(parse_cpu_mask("0-3"));
  EXPECT_FALSE(parse_cpu_mask(",1"));
}

TEST(CpuSetTest, AbsurdNumbersCostNothing) {
  EXPECT_EQ(parse_cpu_list("0-999999999999")->count(), CpuSet::k_limit);
  EXPECT_EQ(parse_cpu_list("5000000")->count(), 0);
  EXPECT_EQ(parse_cpu_mask(std::string(100000, 'f'))->count(), CpuSet::k_limit);
}

TEST(CpuSetTest, IsAnAlgebraOfSets) {
  const CpuSet a = CpuSet::range(0, 70);
  const CpuSet b = CpuSet::of({3, 64, 200});
  EXPECT_EQ(to_list(a & b), "3,64");
  EXPECT_EQ(to_list(b - a), "200");
  EXPECT_EQ((a | b).count(), 72);
  EXPECT_TRUE(a.intersects(b));
  EXPECT_FALSE(a.contains_all(b));
  CpuSet c = b;
  c.remove(200);
  EXPECT_TRUE(a.contains_all(c));
  EXPECT_EQ(c, CpuSet::of({3, 64})) << "equal however they were made";
}

}  // namespace
}  // namespace hardscape
