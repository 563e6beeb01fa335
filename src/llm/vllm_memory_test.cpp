#include <gtest/gtest.h>

#include <cmath>

#include "hardscape/model_memory.hpp"

namespace hardscape {
namespace {

Bytes gib(double n) { return Bytes{std::llround(n * static_cast<double>(k_gib))}; }

// Measured on H100s by llm-d-planner (e50305a, docs/empirical-vllm-memory-results.md, Apache-2.0).
TEST(VllmMemory, LeavesTheBudgetsThatWereMeasured) {
  struct Row { const char* model; double utilisation, weights, activation, non_torch, budget; };
  const Row rows[] = {
      {"gpt-oss-20b", 0.9, 13.47, 7.38, 0.13, 50.28},
      {"gpt-oss-120b", 0.95, 64.38, 7.38, 0.13, 3.33},  // the table says 0.9, which would leave less than nothing
      {"Llama-3.3-70B FP8, two devices", 0.9, 33.88, 4.84, 0.55, 32.0},
      {"Llama-3.1-8B", 0.9, 14.99, 4.76, 0.13, 51.38},
      {"Qwen3-0.6B", 0.9, 1.12, 5.56, 0.13, 64.45},
      {"Qwen3-32B", 0.9, 61.03, 5.64, 0.14, 4.45},
      {"Mistral-Small-3.2-24B", 0.95, 44.76, 2.12, 0.14, 28.2},
  };
  for (const Row& r : rows) {
    const Bytes budget = vllm_kv_budget({gib(79.18), r.utilisation, gib(r.weights), gib(r.activation), gib(r.non_torch)});
    EXPECT_NEAR(in_gib(budget), r.budget, 0.02) << r.model;
  }
}

TEST(VllmMemory, HoldsNoSequenceWithoutABudget) {
  EXPECT_EQ(vllm_sequences(Bytes{-1}, 1, Bytes{131072}, 4096), 0);
  EXPECT_EQ(vllm_sequences(gib(1), 2, Bytes{131072}, 4096), 4);
}

}  // namespace
}  // namespace hardscape
