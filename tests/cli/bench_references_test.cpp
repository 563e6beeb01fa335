#include "cli/commands/bench_references.hpp"

#include <gtest/gtest.h>

namespace hardscape::cli {
namespace {

BenchReport report_of(const std::string& backend) {
  BenchReport report;
  report.engine.backend = backend;
  report.model.description = "llama 8B Q4_K - Medium";
  report.model.params = 8'030'000'000;
  report.decode_tokens_per_s.median = 10;
  return report;
}

bool any_similar(const std::string& processor) {
  Machine machine;
  Processor p;
  p.name = processor;
  machine.processors = {p};
  for (const auto& reference : references_of(report_of("CPU"), machine))
    if (reference.similar_hardware) return true;
  return false;
}

// A guest's shortened name must not claim the speeds of a server that happens to begin alike.
TEST(BenchReferences, OnlyTheWholeNameIsSimilar) {
  EXPECT_FALSE(any_similar("AMD EPYC"));
  EXPECT_TRUE(any_similar("AMD Ryzen 7 8840U w/ Radeon 780M Graphics"));
  EXPECT_FALSE(any_similar("AMD Ryzen 7 8840"));
}

TEST(BenchReferences, AreOfThisSizeQuantisationAndKindWithTheirRatio) {
  const auto references = references_of(report_of("CPU"), Machine{});
  ASSERT_FALSE(references.empty());
  for (const auto& r : references) {
    EXPECT_EQ(r.quant, "Q4_K_M");
    EXPECT_DOUBLE_EQ(r.ratio, 10 / r.tokens_per_s);
    EXPECT_FALSE(r.source.empty());
  }
  auto report = report_of("CPU");
  report.model.params = 1;
  EXPECT_TRUE(references_of(report, Machine{}).empty());
}

}  // namespace
}  // namespace hardscape::cli
