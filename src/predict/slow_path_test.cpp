#include "predict/slow_path.hpp"

#include <gtest/gtest.h>

#include "hardscape/predict.hpp"
#include "predict/data_file.hpp"
#include "predict/test_device.hpp"

namespace hardscape {
namespace {

ModelWork an_8b(std::string_view quant) {
  auto work = model_work("an 8B", 8e9, std::nullopt, quant, std::nullopt);
  EXPECT_TRUE(work);
  return *std::move(work);
}

ComputeDevice device_of(std::string_view architecture) { return predict::test_card("AMD", architecture, 256e9, 15e12, 60e12); }

Workload tokens(double count) {
  Workload work;
  work.tokens = count;
  return work;
}

double prefill_speed(std::string_view architecture, std::string_view backend, std::string_view month, std::string_view quant) {
  const auto speed = predict_prefill(device_of(architecture), an_8b(quant), tokens(512), as_built(*find_backend(backend), month));
  EXPECT_TRUE(speed);
  return speed ? speed->tokens_per_s.mid : 0;
}

double decode_speed(std::string_view backend, std::string_view month) {
  const auto speed = predict_decode(device_of("amd-rdna3-apu"), an_8b("Q4_0"), tokens(128), as_built(*find_backend(backend), month));
  EXPECT_TRUE(speed);
  return speed ? speed->tokens_per_s.mid : 0;
}

// ROCm issue 4748: the library's products reached a tenth of the chip's rate.
TEST(SlowPath, OldBuildsTakeLongerForPromptsAndNotForAnswers) {
  const double now = prefill_speed("amd-rdna3-apu", "llama.cpp/rocm", "", "Q4_0");
  const double then = prefill_speed("amd-rdna3-apu", "llama.cpp/rocm", "2025-07", "Q4_0");
  EXPECT_LT(then, now / 2);
  EXPECT_DOUBLE_EQ(prefill_speed("amd-rdna3-apu", "llama.cpp/rocm", "2025-12", "Q4_0"), now);
  EXPECT_DOUBLE_EQ(decode_speed("llama.cpp/rocm", "2025-07"), decode_speed("llama.cpp/rocm", ""));
}

// llama.cpp pull request 18749: half as fast again with the new tiles.
TEST(SlowPath, TilesForMatrixUnitsCameLater) {
  const double ratio = prefill_speed("amd-rdna4", "llama.cpp/vulkan", "2026-03", "Q4_K_M") /
                       prefill_speed("amd-rdna4", "llama.cpp/vulkan", "2025-12", "Q4_K_M");
  EXPECT_GT(ratio, 1.3);
  EXPECT_LT(ratio, 1.5);
}

TEST(SlowPath, Bfloat16NeedsADriverThatOffersIt) {
  EXPECT_LT(prefill_speed("amd-rdna3", "llama.cpp/vulkan", "", "BF16"), 0.7 * prefill_speed("amd-rdna3", "llama.cpp/vulkan", "", "F16"));
  EXPECT_DOUBLE_EQ(prefill_speed("amd-rdna4", "llama.cpp/vulkan", "", "BF16"), prefill_speed("amd-rdna4", "llama.cpp/vulkan", "", "F16"));
  EXPECT_DOUBLE_EQ(prefill_speed("amd-rdna3", "llama.cpp/rocm", "", "BF16"), prefill_speed("amd-rdna3", "llama.cpp/rocm", "", "F16"));
}

TEST(SlowPath, AttentionRunsOnVectorUnitsWhereItsKernelsDo) {
  const auto& rocm = *find_backend("llama.cpp/rocm");
  EXPECT_FALSE(predict::slow_path(rocm, device_of("amd-rdna3").architecture, "Q4_0").matrix_attention);
  EXPECT_TRUE(predict::slow_path(rocm, device_of("amd-rdna4").architecture, "Q4_0").matrix_attention);
  EXPECT_FALSE(predict::slow_path(as_built(rocm, "2025-12"), device_of("amd-rdna4").architecture, "Q4_0").matrix_attention);
  EXPECT_TRUE(predict::slow_path(*find_backend("llama.cpp/cuda"), nullptr, "Q4_0").matrix_attention);
}

TEST(SlowPath, EveryRuleHasASourceAndSaysSomething) {
  predict::DataFile file("backends/slow_paths.json");
  const auto rules = file.root().array("rules");
  ASSERT_FALSE(rules.empty());
  for (const auto& rule : rules) {
    EXPECT_FALSE(rule.need_text("source").empty()) << rule.pointer();
    EXPECT_FALSE(rule.texts("apis").empty()) << rule.pointer();
    const double share = rule.number("products_share").value_or(1);
    EXPECT_GT(share, 0) << rule.pointer();
    EXPECT_LE(share, 1) << rule.pointer();
    EXPECT_GE(rule.number("products_slower").value_or(1), 1) << rule.pointer();
    EXPECT_TRUE(rule.has("products_share") || rule.has("products_slower") || rule.has("matrix_units") || rule.has("matrix_attention"))
        << rule.pointer();
  }
}

TEST(AsBuilt, KeepsWhatTheWordsSwitchedOn) {
  auto backend = *find_backend("llama.cpp/cuda");
  backend.fused_attention = true;
  const auto old = as_built(backend, "2024-05");
  EXPECT_TRUE(old.fused_attention);
  EXPECT_EQ(old.engine, "llama.cpp");
  EXPECT_EQ(old.built, "2024-05");
  EXPECT_EQ(as_built(backend, "2026-05").id, "llama.cpp/cuda");
  EXPECT_EQ(as_built(backend, "").id, "llama.cpp/cuda");
}

// llama.cpp chooses fused attention by itself since pull request 15434 (2025-08-30); ExLlamaV2 splits tensors since 0.1.9
// (2024-08-22).
TEST(AsBuilt, KnowsWhatTheBuildsOfAMonthDoByThemselves) {
  const auto llama = *find_backend("llama.cpp/metal");
  EXPECT_FALSE(as_built(llama, "2025-08").fused_attention);
  EXPECT_TRUE(as_built(llama, "2025-09").fused_attention);
  EXPECT_TRUE(as_built(llama, "").fused_attention);
  const auto exllama = *find_backend("exllama/cuda");
  EXPECT_FALSE(as_built(exllama, "2023-10").tensor_parallel);
  EXPECT_TRUE(as_built(exllama, "").tensor_parallel);
}

}  // namespace
}  // namespace hardscape
