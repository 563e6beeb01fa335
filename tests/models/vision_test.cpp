// Vision towers of the catalogue against the mmproj files in F16 that others published.
#include <gtest/gtest.h>

#include "hardscape/catalogue.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/model_record.hpp"

namespace hardscape {
namespace {

ModelShape shape_named(const char* id) {
  static const Catalogue catalogue = Catalogue::built_in();
  auto shape = shape_of(*catalogue.find_model(id));
  EXPECT_TRUE(shape) << id;
  return *shape;
}

// Sizes of whole files; a header of up to 32 KiB is not a tensor, and some sizes are rounded to the last digit given.
TEST(Vision, TowersAreAsLargeAsPublishedFiles) {
  struct Row {
    const char* model;
    double bytes, rounding;
  };
  const Row rows[] = {
      {"gemma-3-4b", 851251104, 0},           // ggml-org/gemma-3-4b-it-GGUF mmproj-model-f16.gguf
      {"qwen3-vl-8b", 1159029824, 0},         // Qwen/Qwen3-VL-8B-Instruct-GGUF
      {"mistral-small-3-24b", 878053472, 0},  // lmstudio-community/Mistral-Small-3.2-24B-Instruct-2506-GGUF
      {"qwen3.5-0.8b", 205e6, 0.5e6},         // tetherto/qvac #2432
      {"qwen3.5-2b", 668e6, 0.5e6},           // tetherto/qvac #2780
      {"qwen3.6-35b-a3b", 858 * 1048576.0, 0.5 * 1048576},  // WANG-Guangxin/DockerPull #249
      {"gemma-4-e4b", 990e6, 0.5e6},          // unsloth/gemma-4-E4B-it-GGUF, with the audio encoder
  };
  for (const Row& row : rows) {
    const ModelShape shape = shape_named(row.model);
    ASSERT_TRUE(shape.vision) << row.model;
    const double missing = row.bytes - static_cast<double>(shape.vision->bytes);
    EXPECT_GE(missing, -row.rounding) << row.model;
    EXPECT_LE(missing, row.rounding + 32768) << row.model;
  }
}

// The tower alone has 0.63 billion parameters (counted in the checkpoint's headers); its two projectors are linear layers
// of 1280 to 6144, 24576 to 6144 and twice 6144 to 6144.
TEST(Vision, CountsMiniMaxM3sTowerAndProjectors) {
  const ModelShape shape = shape_named("minimax-m3");
  ASSERT_TRUE(shape.vision);
  EXPECT_NEAR(static_cast<double>(shape.vision->params), 0.63e9 + 6144.0 * (1280 + 24576 + 2 * 6144), 5e6);
}

TEST(Vision, IsCountedWhenAskedFor) {
  const ModelShape gemma = shape_named("gemma-3-4b"), text = shape_named("llama-3.1-8b"), unknown = shape_named("gemma-3n-e4b");
  MemoryOptions o;
  o.vision = true;
  const auto with = memory_need(gemma, *weights_of(gemma, "Q4_K_M"), o);
  EXPECT_EQ(with->vision.value, gemma.vision->bytes);
  o.vision = false;
  const auto without = memory_need(gemma, *weights_of(gemma, "Q4_K_M"), o);
  EXPECT_EQ(with->total().value - without->total().value, gemma.vision->bytes);
  o.vision = true;
  for (const ModelShape* shape : {&text, &unknown}) {
    const auto need = memory_need(*shape, *weights_of(*shape, "Q4_K_M"), o);
    EXPECT_EQ(need->vision.value, 0);
    EXPECT_FALSE(need->notes.empty()) << shape->id;  // said, not silently left out
  }
}

// llama.cpp skips the tensors of MTP layers (TENSOR_SKIP) unless it drafts with them.
TEST(Drafting, LayersAreLoadedOnlyToDraft) {
  const ModelShape shape = shape_named("glm-4.5-air");   // its last layer
  const auto weights = weights_of(shape, "Q8_0");
  MemoryOptions o;
  const auto plain = memory_need(shape, *weights, o);
  o.mtp = true;
  const auto drafting = memory_need(shape, *weights, o);
  EXPECT_EQ(plain->weights, weights->total() - weights->layers.back().total());
  EXPECT_EQ(drafting->draft, weights->layers.back().total());
  EXPECT_EQ((drafting->kv - plain->kv).value, plain->kv.value / shape.main_layers());
}

}  // namespace
}  // namespace hardscape
