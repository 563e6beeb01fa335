#include <gtest/gtest.h>

#include "hardscape/catalogue.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/model_record.hpp"

namespace hardscape {
namespace {

// What llama.cpp v0.5.0 printed as its CPU compute buffer with a vocabulary of 32,000 (tests/engine runs them all).
struct Printed {
  const char* model;
  bool flash;
  std::int64_t context;
  int parallel, ubatch;
  double mib;
};
constexpr Printed k_printed[] = {
    {"llama-3.1-8b", true, 8192, 1, 512, 124.01},         {"llama-3.1-8b", false, 8192, 1, 512, 572.01},
    {"deepseek-r1-671b", true, 8192, 1, 512, 416.01},     {"deepseek-r1-671b", false, 8192, 1, 512, 2472.01},
    {"deepseek-v3.2", true, 8192, 1, 512, 668.08},        {"gemma-3n-e4b", true, 8192, 1, 512, 160.02},
    {"gemma-4-e2b", true, 8192, 1, 512, 118.52},          {"gpt-oss-20b", true, 32768, 4, 256, 52.39},
    {"gpt-oss-20b", false, 8192, 1, 512, 1078.39},        {"granite-4.0-h-tiny-7b-a1b", true, 8192, 1, 512, 74.50},
    {"kimi-linear-48b-a3b", true, 8192, 1, 512, 113.51},  {"qwen3-30b-a3b", true, 8192, 1, 512, 96.01},
    {"qwen3.5-35b-a3b", true, 32768, 4, 256, 48.38},      {"qwen3-next-80b-a3b", false, 8192, 1, 512, 314.01},
    {"command-r7b", true, 8192, 1, 512, 136.52},          {"lfm2-1.2b", true, 8192, 1, 512, 70.50},
    {"nemotron-nano-9b-v2", true, 8192, 1, 512, 158.29},  {"llama-4-scout-17b-16e", true, 8192, 1, 512, 118.52},
};

TEST(ComputeBuffer, IsWhatLlamaCppPrinted) {
  const Catalogue catalogue = Catalogue::built_in();
  for (const Printed& row : k_printed) {
    SCOPED_TRACE(row.model);
    const ModelRecord* record = catalogue.find_model(row.model);
    ASSERT_NE(record, nullptr);
    auto shape = shape_of(*record);
    ASSERT_TRUE(shape);
    shape->vocabulary = 32000;
    MemoryOptions o;
    o.gpu = false;
    o.flash_attention = row.flash;
    o.context = row.context;
    o.parallel = row.parallel;
    o.ubatch = row.ubatch;
    const double mib = static_cast<double>(compute_buffers(*shape, o).with_output.value) / k_mib;
    EXPECT_NEAR(mib / row.mib, 1, 0.04);
  }
}

// Buffers that runs on GPUs printed, with whole vocabularies. `outputs` 0: all tokens' logits.
TEST(ComputeBuffer, IsWhatGpusPrinted) {
  struct Row {
    const char* model;
    bool flash;
    std::int64_t context;
    int parallel, outputs;
    double device_mib, host_mib;  // host 0: not told
  };
  const Row rows[] = {
      {"qwen3-4b", true, 4096, 1, 0, 301.75, 0},          // CUDA, its log gives n_ubatch 512 and 151,936 words
      {"qwen2.5-7b", true, 16384, 1, 0, 304.00, 30.01},   // Vulkan, RTX 5080 (bloomery-bench)
      {"llama-3.2-1b", true, 4096, 1, 0, 254.50, 12.01},  // CUDA, Ollama, 2025-12-26
      {"llama-3.1-8b", true, 8192, 1, 0, 258.50, 0},      // CUDA, llama.cpp of 2024, Llama 3 8B
      {"llama-3.1-8b", false, 8192, 1, 0, 560.00, 0},
  };
  const Catalogue catalogue = Catalogue::built_in();
  for (const Row& row : rows) {
    SCOPED_TRACE(row.model);
    const auto shape = shape_of(*catalogue.find_model(row.model));
    MemoryOptions o;
    o.flash_attention = row.flash;
    o.context = row.context;
    o.parallel = row.parallel;
    o.outputs = row.outputs;
    const ComputeBuffers b = compute_buffers(*shape, o);
    EXPECT_NEAR(static_cast<double>(b.with_output.value) / k_mib / row.device_mib, 1, 0.035);
    if (row.host_mib > 0) {
      EXPECT_NEAR(static_cast<double>(b.host.value) / k_mib / row.host_mib, 1, 0.05);
    }
  }
}

// Gaps between tensors move, so that a best-fit allocator may need less for more: a mask that was read for the last time
// may leave just the room that the logits take.
bool nearly_as_large(Bytes more, Bytes less) { return more.value * 10 >= less.value * 7; }

TEST(ComputeBuffer, GrowsWithContextMicroBatchAndVocabulary) {
  const Catalogue catalogue = Catalogue::built_in();
  int models = 0;
  for (const ModelRecord& record : catalogue.models()) {
    const auto shape = shape_of(record);
    if (!shape || !shape->weights_unknown.empty()) continue;
    SCOPED_TRACE(record.id);
    MemoryOptions o;
    const ComputeBuffers small = compute_buffers(*shape, o);
    EXPECT_GT(small.layers.value, 0);
    EXPECT_GE(small.with_output, small.layers);
    o.context *= 8;
    const ComputeBuffers longer = compute_buffers(*shape, o);
    EXPECT_TRUE(nearly_as_large(longer.with_output, small.with_output));
    o.ubatch *= 2;
    EXPECT_GT(compute_buffers(*shape, o).with_output, longer.with_output);
    o.ubatch = 512;
    o.flash_attention = false;
    EXPECT_TRUE(nearly_as_large(compute_buffers(*shape, o).with_output, longer.with_output));
    ++models;
  }
  EXPECT_GT(models, 100);
}

}  // namespace
}  // namespace hardscape
