#include <gtest/gtest.h>

#include "hardscape/catalogue.hpp"

namespace hardscape {
namespace {

struct ModelSpelling {
  const char* written;
  const char* id;
};

class ModelNames : public testing::TestWithParam<ModelSpelling> {};

TEST_P(ModelNames, Resolve) {
  const auto catalogue = Catalogue::built_in();
  const auto answer = catalogue.look_up_model(GetParam().written);
  ASSERT_NE(answer.match, nullptr) << GetParam().written;
  EXPECT_EQ(answer.match->id, GetParam().id);
}

INSTANTIATE_TEST_SUITE_P(
    AsPeopleWriteThem, ModelNames,
    testing::Values(ModelSpelling{"llama-3.1-8b", "llama-3.1-8b"}, ModelSpelling{"Llama 3.1 8B", "llama-3.1-8b"},
                    ModelSpelling{"meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b"}, ModelSpelling{"llama3.1:8b", "llama-3.1-8b"},
                    ModelSpelling{"Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf", "llama-3.1-8b"}, ModelSpelling{"Llama-3-8B", "llama-3.1-8b"},
                    ModelSpelling{"Qwen 3 8B", "qwen3-8b"}, ModelSpelling{"Qwen3-30B-A3B", "qwen3-30b-a3b"},
                    ModelSpelling{"Gemma4-E4B", "gemma-4-e4b"}, ModelSpelling{"gemma-3-27b-it-qat-4bit", "gemma-3-27b"},
                    ModelSpelling{"gpt-oss:20b", "gpt-oss-20b"}, ModelSpelling{"gpt-oss-20b-MXFP4", "gpt-oss-20b"},
                    ModelSpelling{"DeepSeek-V3", "deepseek-v3.1"}, ModelSpelling{"DeepSeek-R1-671B", "deepseek-r1-671b"},
                    ModelSpelling{"Qwen_Qwen3.5-4B-Q4_K_M", "qwen3.5-4b"}, ModelSpelling{"Qwen3.6-27B-GGUF", "qwen3.6-27b"},
                    ModelSpelling{"Qwen3.5-122B-A10B-UD-Q4_K_XL", "qwen3.5-122b-a10b"}, ModelSpelling{"phi-4", "phi-4-14b"}));

TEST(ModelNames, OtherModelsOfTheSameShapeSaySo) {
  const auto catalogue = Catalogue::built_in();
  EXPECT_TRUE(catalogue.look_up_model("Llama 3 8B").note.has_value());
  EXPECT_FALSE(catalogue.look_up_model("Llama 3.1 8B").note.has_value());
}

TEST(ModelNames, DerivedModelsAreTakenAsWhatTheirNameContains) {
  const auto catalogue = Catalogue::built_in();
  for (const auto& [written, id] : {ModelSpelling{"allura-org_Qwen3.5-27B-Anko-Q4_K_M", "qwen3.5-27b"},
                                    {"Qwen3.5-9B-Claude-4.6-Opus-Reasoning-Distilled-GGUF", "qwen3.5-9b"},
                                    {"Qwen3.6-27B-AEON-Ultimate-Uncensored-NVFP4", "qwen3.6-27b"},
                                    {"Hermes-3-Llama-3.1-8B", "llama-3.1-8b"}, {"ValiantLabs_gemma-4-12B-it-Esper4-Q4_K_M", "gemma-4-12b"}}) {
    const auto answer = catalogue.look_up_model(written);
    ASSERT_NE(answer.match, nullptr) << written;
    EXPECT_EQ(answer.match->id, id);
    EXPECT_TRUE(answer.note) << written;
  }
  // Parts taken out, small helpers, another size as well, no size at all: other models.
  for (const char* written : {"MiniMax-M2.5-REAP-139B-A10B", "Qwen3-30B-A3B-REAP", "dflash-Qwen3.6-27B", "Qwen3.6-27B-MTP-draft", "Qwen3-30B-A3B-to-8B",
                              "Qwen3.5-Anko", "frankenmerge-27b", "Llama-3.1-8B-and-Qwen3-8B"})
    EXPECT_EQ(catalogue.look_up_model(written).match, nullptr) << written;
}

TEST(ModelNames, UnknownOnesGetTheNearest) {
  const auto answer = Catalogue::built_in().look_up_model("lama-3.1-8b");
  EXPECT_EQ(answer.match, nullptr);
  ASSERT_FALSE(answer.nearest.empty());
  EXPECT_EQ(answer.nearest.front(), "llama-3.1-8b");
}

// KV per token is 2 x layers x KV heads x head size x 2 bytes where every layer is plain grouped-query attention, and
// the latent plus its rotary part where it is MLA: the published shape must give the published size.
TEST(Models, KvPerTokenFollowsFromTheShape) {
  const auto catalogue = Catalogue::built_in();
  int grouped = 0;
  int latent = 0;
  for (const auto& model : catalogue.models()) {
    if (!model.kv_per_token_f16 || !model.full_attention_layers) continue;
    if ((model.attention == "GQA" || model.attention == "MHA") && model.kv_heads && model.head_dim && !model.global_kv_heads &&
        model.id != "minimax-m3") {
      ++grouped;
      EXPECT_EQ(model.kv_per_token_f16->value,
                2LL * 2 * *model.full_attention_layers * *model.kv_heads * *model.head_dim) << model.id;
    }
    if (model.attention == "MLA" && model.mla_kv_lora_rank && model.mla_rope_dim) {
      ++latent;
      EXPECT_EQ(model.kv_per_token_f16->value, 2LL * *model.full_attention_layers * (*model.mla_kv_lora_rank + *model.mla_rope_dim))
          << model.id;
    }
  }
  EXPECT_GT(grouped, 50);
  EXPECT_GE(latent, 6);
}

TEST(Models, AreAllThere) {
  const auto catalogue = Catalogue::built_in();
  EXPECT_GE(catalogue.models().size(), 134u);
  for (const auto& model : catalogue.models()) {
    EXPECT_NE(model.source.confidence, Confidence::unstated) << model.id;
    EXPECT_FALSE(model.source.ref.empty()) << model.id;
    if (model.params && model.active_params) {
      EXPECT_LE(*model.active_params, *model.params) << model.id;
    }
    if (model.layers && model.full_attention_layers && model.sliding_window_layers && model.recurrent_layers && model.no_kv_layers) {
      EXPECT_EQ(*model.full_attention_layers + *model.sliding_window_layers + *model.recurrent_layers + *model.no_kv_layers,
                *model.layers) << model.id;
    }
    if (model.gguf && model.gguf->q4_k_m && model.gguf->q8_0) {
      EXPECT_LT(model.gguf->q4_k_m->value, model.gguf->q8_0->value) << model.id;
    }
  }
}

}  // namespace
}  // namespace hardscape
