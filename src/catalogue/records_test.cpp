#include <gtest/gtest.h>

#include "catalogue/words.hpp"
#include "hardscape/catalogue_fields.hpp"

namespace hardscape {
namespace {

TEST(Words, AreWhatPeopleSay) {
  EXPECT_EQ(words_of(Bytes{24 * k_gib}), "24 GiB");
  EXPECT_EQ(words_of(Bytes{143771 * k_mib}), "140.4 GiB");
  EXPECT_EQ(words_of(Bytes{131072}), "128 KiB");
  EXPECT_EQ(words_of(Bytes{4'920'000'000}), "4.92 GB");
  EXPECT_EQ(words_of(Bytes{8'000'000}), "8 MB");
  EXPECT_EQ(words_of(BytesPerSecond{1.008e12}), "1,008 GB/s");
  EXPECT_EQ(words_of(BytesPerSecond{17.1e9}), "17.1 GB/s");
  EXPECT_EQ(words_of(BytesPerSecond{21e15}), "21 PB/s");
  EXPECT_EQ(words_of(FlopsPerSecond{165.2e12}), "165.2 TFLOPS");
  EXPECT_EQ(words_of(Usd{1599}), "$1,599");
  EXPECT_EQ(words_of(Usd{0.5}), "$0.50");
  EXPECT_EQ(words_of(Hertz{2.52e9}), "2.52 GHz");
  EXPECT_EQ(words_of(Seconds{6e-7}), "0.6 us");
  EXPECT_EQ(with_thousands(1234567), "1,234,567");
  EXPECT_EQ(with_thousands(-1234), "-1,234");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(count_words(8.03e9), "8.03 billion");
}

TEST(Records, EveryKindHasRecordsWithIdsAndFields) {
  const auto catalogue = Catalogue::built_in();
  for (const auto kind : record_kinds()) {
    const auto records = records_of(catalogue, kind);
    EXPECT_FALSE(records.empty()) << kind;
    for (const auto& record : records) {
      EXPECT_FALSE(record.id.empty()) << kind;
      EXPECT_FALSE(record.fields.empty()) << kind << " " << record.id;
    }
    EXPECT_TRUE(find_record(catalogue, kind, records.front().id)) << kind;
    EXPECT_TRUE(find_record(catalogue, "", records.back().id)) << kind;
  }
  EXPECT_TRUE(records_of(catalogue, "sandwiches").empty());
}

TEST(Records, UnknownFiguresComeLastInEitherOrder) {
  auto records = records_of(Catalogue::built_in(), "devices");
  ASSERT_TRUE(sort_by(records, "msrp_usd", true));
  EXPECT_TRUE(records.front().find("msrp_usd"));
  EXPECT_FALSE(records.back().find("msrp_usd"));
  ASSERT_TRUE(sort_by(records, "msrp_usd", false));
  EXPECT_TRUE(records.front().find("msrp_usd"));
  EXPECT_FALSE(records.back().find("msrp_usd"));
  EXPECT_FALSE(sort_by(records, "no_such_key", false));
}

}  // namespace
}  // namespace hardscape
