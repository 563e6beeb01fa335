#include "hardscape/provenance.hpp"

#include <gtest/gtest.h>

#include "hardscape/units.hpp"

namespace hardscape {
namespace {

Fact<Bytes> fact(std::int64_t value, Origin origin) { return {Bytes{value}, {origin, "test", "", Confidence::unstated}}; }

TEST(Provenance, BetterEvidenceReplacesWorseAndNeverTheOtherWay) {
  Known<Bytes> known;
  EXPECT_TRUE(learn(known, fact(1, Origin::catalogued)));
  EXPECT_FALSE(learn(known, fact(2, Origin::assumed)));
  EXPECT_FALSE(learn(known, fact(3, Origin::catalogued)));
  EXPECT_EQ(known->value, Bytes{1});
  EXPECT_TRUE(learn(known, fact(4, Origin::measured)));
  EXPECT_EQ(known->value, Bytes{4});
}

TEST(Provenance, EveryNameReadsBack) {
  for (const auto origin : {Origin::assumed, Origin::estimated, Origin::catalogued, Origin::reported, Origin::calibrated, Origin::measured})
    EXPECT_EQ(origin_from(to_string(origin)), origin);
  for (const auto confidence : {Confidence::unstated, Confidence::unverified, Confidence::single, Confidence::agreed})
    EXPECT_EQ(confidence_from(to_string(confidence)), confidence);
}

// The units compile only where they make sense; what they give is checked here.
TEST(Units, CombineAsPhysicsDoes) {
  EXPECT_DOUBLE_EQ((Bytes{4'000'000'000} / BytesPerSecond{2e9}).value, 2.0);
  EXPECT_DOUBLE_EQ(to_kilowatt_hours(Watts{450} * Seconds{3600}).value, 0.45);
  EXPECT_DOUBLE_EQ(in_gib(Bytes{k_gib}), 1.0);
  EXPECT_DOUBLE_EQ(in_gb(Bytes{1'000'000'000}), 1.0);
}

}  // namespace
}  // namespace hardscape
