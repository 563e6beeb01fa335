#include "predict/pipeline.hpp"

#include <gtest/gtest.h>

#include <array>

#include "predict/test_device.hpp"

namespace hardscape::predict {
namespace {

TEST(Pipeline, WithoutAnEndOfItsQueuesFillsOnceAndThenRuns) {
  for (const int devices : {1, 2, 3, 4})
    for (const double runs : {1.0, 2.0, 8.0, 64.0})
      EXPECT_DOUBLE_EQ(pipeline_length(runs, devices, 0), runs + devices - 1) << devices << ' ' << runs;
}

TEST(Pipeline, NeverBeatsItsSlowestPartNorLosesToOneAfterTheOther) {
  for (const int devices : {2, 3, 4, 8, 16})
    for (const double runs : {1.0, 2.0, 7.0, 24.0, 25.0, 100.0}) {
      double before = runs * devices;
      for (const double queue : {0.05, 0.5, 0.9, 1.0, 1.2, 1.9, 2.0, 2.6, 3.0, 5.0, 50.0}) {
        const double length = pipeline_length(runs, devices, queue);
        EXPECT_LE(length, before + 1e-9) << devices << ' ' << runs << ' ' << queue;  // a longer queue never hurts
        EXPECT_GE(length, runs + devices - 1 - 1e-9) << devices << ' ' << runs << ' ' << queue;
        before = length;
      }
      EXPECT_NEAR(pipeline_length(runs, devices, 50), pipeline_length(runs, devices, 0), 1e-9);
    }
}

TEST(Pipeline, GoesOnAtTheSamePaceAfterThoseThatWereFollowed) {
  for (const double queue : {0.5, 1.1, 2.2, 0.0})
    EXPECT_NEAR(pipeline_length(400, 4, queue) / pipeline_length(100, 4, queue), 4, 0.2) << queue;
}

TEST(Pipeline, StallsWhereAQueueIsShort) {
  // Half of a device's commands fit: the thread waits for half of each micro-batch before it serves the next device.
  EXPECT_NEAR(pipeline_length(64, 2, 0.5) / 64, 1.5, 0.05);
  // One micro-batch fits: two are under way at a time whatever the number of devices.
  EXPECT_NEAR(pipeline_length(64, 4, 1) / 64, 2, 0.1);
  EXPECT_NEAR(pipeline_length(64, 8, 1) / 64, 4, 0.2);
}

// XiongjieDai/GPU-Benchmarks-on-LLM-Inference, llama.cpp of May 2024, Llama 3 at Q4_K_M on RTX 4000 Ada: four cards fill
// 4096 tokens of the 70B at 291 tokens/s and 512 at 282, of the 8B at 4404 and 2413.
TEST(Pipeline, OfMay2024StallsWithEightyLayersOnFourCards) {
  const ComputeDevice card = test_card("NVIDIA", "nvidia-ada", 360e9, 26.7e12, 107e12);
  Split cards;
  cards.count = 4;
  // How many times as fast a prompt of eight micro-batches is as one of a single one.
  const auto gain = [&](double params, std::string_view month) {
    const auto model = model_work("Llama 3", params, std::nullopt, "Q4_K_M", std::nullopt);
    std::array<double, 2> speeds{};
    for (std::size_t i = 0; model && i < speeds.size(); ++i) {
      Workload work;
      work.tokens = i == 0 ? 512 : 4096;
      const auto speed = predict_prefill(card, *model, work, as_built(*find_backend("llama.cpp/cuda"), month), cards);
      speeds[i] = speed ? speed->tokens_per_s.mid : 0;
    }
    return speeds[1] / speeds[0];
  };
  EXPECT_NEAR(gain(70.6e9, "2024-05"), 291.0 / 282, 0.15);
  EXPECT_NEAR(gain(8.03e9, "2024-05"), 4404.0 / 2413, 0.25);
  // With four times the queue since January 2026 (llama.cpp pull request 19042) the 70B flows, too.
  EXPECT_GT(gain(70.6e9, "2026-03"), 2);
  EXPECT_LT(gain(70.6e9, "2025-10"), gain(70.6e9, "2026-03"));
}

}  // namespace
}  // namespace hardscape::predict
