#include "support/cli_call.hpp"

#include <gtest/gtest.h>

namespace hardscape::cli {
namespace {

TEST(Run, PrintsItsVersion) { EXPECT_EQ(call({"--version"}).out.substr(0, 10), "hardscape "); }

TEST(Run, SuggestsTheNearestCommand) {
  const auto outcome = call({"detcet"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.err.find("did you mean \"detect\"?"), std::string::npos) << outcome.err;
}

TEST(Run, RefusesAnUnknownOptionWithStatusTwo) {
  const auto outcome = call({"detect", "--no-such-thing"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.err.find("--no-such-thing"), std::string::npos);
}

TEST(Run, TakesGlobalOptionsBeforeAndAfterTheCommand) {
  EXPECT_EQ(call({"--format", "json", "detect"}).out.substr(0, 1), "{");
  EXPECT_EQ(call({"detect", "--json"}).out.substr(0, 1), "{");
}

TEST(Run, AMissingRootIsABadInput) {
  const auto outcome = call({"detect", "--root", "/nowhere/at/all"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_NE(outcome.err.find("/nowhere/at/all"), std::string::npos);
}

TEST(Run, EveryCommandHasHelp) {
  EXPECT_NE(call({"help"}).out.find("detect"), std::string::npos);
  EXPECT_NE(call({"help", "detect"}).out.find("--format"), std::string::npos);
}

}  // namespace
}  // namespace hardscape::cli
