// config.json files as published, cut to the keys that are read; expected numbers are llama.cpp's own of the same models.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hardscape/model_memory.hpp"
#include "hardscape/model_shape.hpp"

namespace hardscape {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view k_llama_3_1_8b = R"({"model_type":"llama","hidden_size":4096,"intermediate_size":14336,
  "max_position_embeddings":131072,"num_attention_heads":32,"num_hidden_layers":32,"num_key_value_heads":8,
  "rope_scaling":{"factor":8.0,"rope_type":"llama3"},"tie_word_embeddings":false,"vocab_size":128256})";
constexpr std::string_view k_deepseek_v3 = R"({"model_type":"deepseek_v3","first_k_dense_replace":3,"hidden_size":7168,
  "intermediate_size":18432,"kv_lora_rank":512,"max_position_embeddings":163840,"moe_intermediate_size":2048,
  "n_routed_experts":256,"n_shared_experts":1,"num_attention_heads":128,"num_experts_per_tok":8,
  "num_hidden_layers":61,"num_key_value_heads":128,"q_lora_rank":1536,"qk_nope_head_dim":128,"qk_rope_head_dim":64,
  "tie_word_embeddings":false,"v_head_dim":128,"vocab_size":129280})";
constexpr std::string_view k_gpt_oss_20b = R"({"model_type":"gpt_oss","head_dim":64,"hidden_size":2880,
  "intermediate_size":2880,"max_position_embeddings":131072,"num_attention_heads":64,"num_experts_per_tok":4,
  "num_hidden_layers":24,"num_key_value_heads":8,"num_local_experts":32,"sliding_window":128,
  "tie_word_embeddings":false,"vocab_size":201088})";
constexpr std::string_view k_minicpm5_1b = R"({"model_type":"llama","hidden_size":1536,"intermediate_size":4608,
  "head_dim":128,"num_attention_heads":16,"num_hidden_layers":24,"num_key_value_heads":2,"tie_word_embeddings":false,
  "vocab_size":130560})";

std::int64_t cache_bytes(std::string_view config, std::int64_t context) {
  const auto shape = shape_of_config(config);
  EXPECT_TRUE(shape) << shape.error().message;
  MemoryOptions o;
  o.context = context;
  const auto need = cache_need(*shape, o);
  EXPECT_TRUE(need);
  return need ? need->kv.value : 0;
}

TEST(Config, GivesTheCacheThatTheModelHas) {
  EXPECT_EQ(cache_bytes(k_llama_3_1_8b, 8192), 8192 * 131072LL);                       // 128 KiB a token
  EXPECT_EQ(cache_bytes(k_deepseek_v3, 4096), 4096 * 70272LL);                         // 61 x 576 x 2 bytes
  EXPECT_EQ(cache_bytes(k_gpt_oss_20b, 8192), 12 * (8192 + 768) * 8 * 64 * 2 * 2LL);   // half of the layers see 128
}

TEST(Config, GivesThePublishedParameters) {
  struct Row {
    std::string_view config;
    double published;
  };
  const Row rows[] = {{k_llama_3_1_8b, 8.030e9}, {k_deepseek_v3, 671.026e9}, {k_gpt_oss_20b, 20.91e9}, {k_minicpm5_1b, 1080632832}};
  for (const Row& row : rows) {
    const auto shape = shape_of_config(row.config);
    ASSERT_TRUE(shape) << shape.error().message;
    EXPECT_NEAR(static_cast<double>(parameters_of(*shape)) / row.published, 1, 0.001) << row.published;
  }
}

TEST(Config, ReadsTheTextPartOfAVisionModel) {
  const auto shape = shape_of_config(R"({"model_type":"qwen3_vl","text_config":{"model_type":"qwen3_vl_text",
    "hidden_size":4096,"intermediate_size":12288,"num_hidden_layers":36,"num_attention_heads":32,
    "num_key_value_heads":8,"head_dim":128,"vocab_size":151936}})");
  ASSERT_TRUE(shape) << shape.error().message;
  EXPECT_EQ(shape->architecture, "qwen3vl");
  EXPECT_EQ(shape->layers.size(), 36u);
  EXPECT_TRUE(shape->query_key_norm);
}

TEST(Config, RefusesWhatItCannotKnowAndNamesTheKey) {
  struct Row {
    const char* config;
    ErrorCode code;
    const char* expected;
  };
  const Row rows[] = {
      {"", ErrorCode::malformed, "no JSON object"},
      {"[1]", ErrorCode::malformed, "no JSON object"},
      {"{}", ErrorCode::unsupported, "'model_type' is missing"},
      {R"({"model_type":"mystery"})", ErrorCode::unsupported, "'mystery' is not known"},
      {R"({"model_type":"llama"})", ErrorCode::malformed, "'num_hidden_layers' is missing"},
      {R"({"model_type":"llama","num_hidden_layers":2})", ErrorCode::malformed, "'hidden_size' is missing"},
      {R"({"model_type":"llama","num_hidden_layers":-2,"hidden_size":64})", ErrorCode::malformed, "num_hidden_layers"},
      {R"({"model_type":"llama","num_hidden_layers":"many","hidden_size":64})", ErrorCode::malformed, "num_hidden_layers"},
      {R"({"model_type":"jamba","num_hidden_layers":2,"hidden_size":64})", ErrorCode::unsupported, "Mamba-1"},
  };
  for (const Row& row : rows) {
    const auto shape = shape_of_config(row.config, "my/config.json");
    ASSERT_FALSE(shape) << row.config;
    EXPECT_EQ(shape.error().code, row.code) << row.config << ": " << shape.error().message;
    EXPECT_THAT(shape.error().message, HasSubstr(row.expected)) << row.config;
    EXPECT_THAT(shape.error().message, HasSubstr("my/config.json")) << row.config;
  }
}

}  // namespace
}  // namespace hardscape
