#include "select/training.hpp"

#include <gtest/gtest.h>

namespace hardscape::select {
namespace {

// Llama 2 7B and 70B (Touvron 2023).
constexpr TrainedModel k_7b{6.74e9, 6.74e9, 32, 4096, 32000};
constexpr TrainedModel k_70b{68.98e9, 68.98e9, 80, 8192, 32000};

double gib(Bytes b) { return in_gib(b); }

// QLoRA fine-tunes a 65B model on one 48 GB card (Dettmers 2023, title claim), and 7B in the 10 GB class; LoRA on 7B in
// 16 bits wants more than 12 GB and fits 24 GB; full 7B training needs more than an 80 GB card.
TEST(Training, MemoryAgreesWithWhatIsKnownToFit) {
  EXPECT_LT(gib(training_memory({65.2e9, 65.2e9, 80, 8192, 32000, 512}, TrainingMethod::qlora)), 48);
  EXPECT_LT(gib(training_memory(k_7b, TrainingMethod::qlora)), 10);
  EXPECT_GT(gib(training_memory(k_7b, TrainingMethod::lora)), 12);
  EXPECT_LT(gib(training_memory(k_7b, TrainingMethod::lora)), 24);
  EXPECT_GT(gib(training_memory(k_7b, TrainingMethod::full)), 80);
}

TEST(Training, TakesLoraWhereItFitsElseQlora) {
  const FlopsPerSecond a100{312e12};
  EXPECT_EQ(training_speed(k_7b, Bytes{24 * k_gib}, a100, 1, false)->method, TrainingMethod::lora);
  EXPECT_EQ(training_speed(k_7b, Bytes{12 * k_gib}, a100, 1, false)->method, TrainingMethod::qlora);
  EXPECT_FALSE(training_speed(k_70b, Bytes{24 * k_gib}, a100, 1, false));
  EXPECT_TRUE(training_speed(k_70b, Bytes{24 * k_gib}, a100, 4, false));
}

TEST(Training, SpeedGrowsWithArithmeticAndDevicesAndFallsWithSize) {
  const auto mid = [](const TrainedModel& m, double flops, int n, bool link) {
    return training_speed(m, Bytes{80 * k_gib}, FlopsPerSecond{flops}, n, link)->tokens_per_s.mid;
  };
  EXPECT_GT(mid(k_7b, 989e12, 1, false), mid(k_7b, 312e12, 1, false));
  EXPECT_GT(mid(k_7b, 312e12, 2, false), mid(k_7b, 312e12, 1, false));
  EXPECT_GT(mid(k_7b, 312e12, 2, true), mid(k_7b, 312e12, 2, false));
  EXPECT_LT(mid(k_7b, 312e12, 2, true), 2 * mid(k_7b, 312e12, 1, true));
  EXPECT_LT(mid(k_70b, 312e12, 2, true), mid(k_7b, 312e12, 2, true));
  // Never above the arithmetic peak.
  EXPECT_LT(training_speed(k_7b, Bytes{80 * k_gib}, FlopsPerSecond{312e12}, 1, false)->tokens_per_s.high,
            312e12 / (6 * k_7b.active_params));
}

}  // namespace
}  // namespace hardscape::select
