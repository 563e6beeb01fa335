#include "hardscape/fit_tensor_split.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "hardscape/model_record.hpp"
#include "support/catalogue.hpp"

namespace hardscape {
namespace {

ModelShape shape_in_catalogue(const char* id) {
  auto shape = shape_of(*catalogue().find_model(id));
  EXPECT_TRUE(shape) << id;
  return *std::move(shape);
}

Bytes of_gib(double n) { return Bytes{std::llround(n * static_cast<double>(k_gib))}; }

Result<TensorSplit> split_of(const char* id, const char* quant, double gib, int devices, std::int64_t context, int parallel) {
  const ModelShape shape = shape_in_catalogue(id);
  return tensor_split(shape, *weights_of(shape, quant), of_gib(gib), devices, context, parallel);
}

// vLLM on H100s as llm-d-planner measured it (e50305a, docs/empirical-vllm-memory-results.md, Apache-2.0): 1,024
// sequences, as it starts by default on devices of 70 GiB and more.
TEST(TensorSplit, LeavesTheRoomThatWasMeasured) {
  struct Row { const char* model; const char* quant; int devices; double weights, activation, room; };
  for (const Row& r : {Row{"llama-3.3-70b", "FP8", 2, 33.88, 4.84, 32.0}, Row{"llama-3.1-8b", "BF16", 1, 14.99, 4.76, 51.38},
                       Row{"qwen3-0.6b", "BF16", 1, 1.12, 5.56, 64.45}, Row{"qwen3-32b", "BF16", 1, 61.03, 5.64, 4.45}}) {
    const auto split = split_of(r.model, r.quant, 79.18, r.devices, 16, 1024);
    ASSERT_TRUE(split) << r.model;
    EXPECT_NEAR(in_gib(split->weights), r.weights, 0.01 * r.weights + 0.02) << r.model;
    EXPECT_NEAR(in_gib(split->activation), r.activation, 0.02 * r.activation) << r.model;
    EXPECT_NEAR(in_gib(split->room), r.room, 0.5) << r.model;
  }
}

// With the 256 sequences of smaller devices: 1.26 GiB for Llama 3 8B (vLLM #10511).
TEST(TensorSplit, TakesLessForFewerSequences) {
  EXPECT_NEAR(in_gib(split_of("llama-3.1-8b", "BF16", 24, 1, 8192, 4)->activation), 1.26, 0.1);
}

TEST(TensorSplit, AsksForHeadsThatDivide) {
  const auto three = split_of("llama-3.3-70b", "AWQ-4bit", 24, 3, 4096, 8);
  ASSERT_FALSE(three);
  EXPECT_NE(three.error().message.find("64 attention heads cannot be shared by 3 devices"), std::string::npos) << three.error().message;
  EXPECT_TRUE(split_of("llama-3.3-70b", "AWQ-4bit", 24, 4, 4096, 8));
}

// 80 layers, 8 heads of keys and values of 128: 320 KiB a token; over 16 devices each head is held twice.
TEST(TensorSplit, HoldsHeadsOfKeysAndValuesOnceADevice) {
  const std::int64_t all = 80LL * 2 * 8 * 128 * 2 * 4096 * 8;
  EXPECT_EQ(split_of("llama-3.3-70b", "AWQ-4bit", 80, 8, 4096, 8)->cache.value, all / 8);
  EXPECT_EQ(split_of("llama-3.3-70b", "AWQ-4bit", 80, 16, 4096, 8)->cache.value, all / 8);
}

}  // namespace
}  // namespace hardscape
