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

constexpr std::string_view k_kimi_k3 = R"({"model_type":"kimi_k3","text_config":{"model_type":"kimi_linear",
  "first_k_dense_replace":1,"hidden_size":7168,"intermediate_size":33792,"kv_lora_rank":512,
  "linear_attn_config":{"full_attn_layers":[4,8,12,16,20,24,28,32,36,40,44,48,52,56,60,64,68,72,76,80,84,88,92,93],
  "head_dim":128,"num_heads":96,"short_conv_kernel_size":4,"use_full_rank_gate":true},"max_position_embeddings":1048576,
  "moe_intermediate_size":3072,"num_attention_heads":96,"num_experts":896,"num_experts_per_token":16,
  "num_hidden_layers":93,"num_key_value_heads":96,"num_shared_experts":2,"q_lora_rank":1536,"qk_nope_head_dim":128,
  "qk_rope_head_dim":64,"routed_expert_hidden_size":3584,"v_head_dim":128,"vocab_size":163840},
  "tie_word_embeddings":false,"vision_config":{}})";
constexpr std::string_view k_deepseek_v4_flash = R"({"model_type":"deepseek_v4","head_dim":512,"hidden_size":4096,
  "index_head_dim":128,"index_n_heads":64,"index_topk":512,"max_position_embeddings":1048576,
  "moe_intermediate_size":2048,"n_routed_experts":256,"n_shared_experts":1,"num_attention_heads":64,
  "num_experts_per_tok":6,"num_hash_layers":3,"num_hidden_layers":43,"num_key_value_heads":1,"o_groups":8,
  "o_lora_rank":1024,"q_lora_rank":1024,"qk_rope_head_dim":64,"sliding_window":128,"tie_word_embeddings":false,
  "vocab_size":129280,"compress_ratios":[0,0,4,128,4,128,4,128,4,128,4,128,4,128,4,128,4,128,4,128,4,128,4,128,4,128,4,
  128,4,128,4,128,4,128,4,128,4,128,4,128,4,128,4,0,0,0]})";
// Layers of Nemotron's kind: one usual, one without attention, one without a network.
constexpr std::string_view k_nemotron_nas = R"({"model_type":"nemotron-nas","hidden_size":8192,"vocab_size":128256,
  "num_attention_heads":64,"num_hidden_layers":3,"num_key_value_heads":null,"intermediate_size":null,
  "rope_scaling":{"rope_type":"llama3"},"tie_word_embeddings":false,"block_configs":[
  {"attention":{"n_heads_in_group":8,"no_op":false},"ffn":{"ffn_mult":5.25,"no_op":false}},
  {"attention":{"n_heads_in_group":null,"no_op":true},"ffn":{"ffn_mult":0.5,"no_op":false}},
  {"attention":{"n_heads_in_group":16,"no_op":false},"ffn":{"ffn_mult":null,"no_op":true}}]})";

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
  const Row rows[] = {{k_llama_3_1_8b, 8.030e9}, {k_deepseek_v3, 671.026e9}, {k_gpt_oss_20b, 20.91e9}, {k_minicpm5_1b, 1080632832},
                      {k_kimi_k3, 2779.483e9}, {k_deepseek_v4_flash, 284.335e9}};  // sums of their files' tensors
  for (const Row& row : rows) {
    const auto shape = shape_of_config(row.config);
    ASSERT_TRUE(shape) << shape.error().message;
    EXPECT_NEAR(static_cast<double>(parameters_of(*shape)) / row.published, 1, 0.001) << row.published;
  }
}

TEST(Config, ReadsLayersThatDifferOneByOne) {
  const auto shape = shape_of_config(k_nemotron_nas);
  ASSERT_TRUE(shape) << shape.error().message;
  ASSERT_EQ(shape->layers.size(), 3u);
  EXPECT_EQ(shape->layers[0].attention->kv_heads, 8);
  EXPECT_EQ(shape->layers[0].ffn.dense, 28672);  // 5.25 x 8192 x 2/3
  EXPECT_FALSE(shape->layers[1].attention);
  EXPECT_EQ(shape->layers[1].ffn.dense, 2816);   // rounded up to 256
  EXPECT_EQ(shape->layers[2].attention->kv_heads, 4);
  EXPECT_EQ(shape->layers[2].ffn.dense, 0);
  // A block that is left out leaves its norm out, too.
  EXPECT_EQ(parameters_of(*shape), 2LL * 128256 * 8192 + 8192 + 64 + (2LL * 8192 * 8192 + 2 * 8192 * 1024 + 3LL * 8192 * 28672 + 2 * 8192) +
                                       (3LL * 8192 * 2816 + 8192) + (2LL * 8192 * 8192 + 2 * 8192 * 512 + 8192));
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
      {R"({"model_type":"deepseek_v4","num_hidden_layers":2,"hidden_size":64,"compress_ratios":[4]})", ErrorCode::malformed, "of 1 layers"},
      {R"({"model_type":"deepseek_v4","num_hidden_layers":1,"hidden_size":64,"compress_ratios":[7]})", ErrorCode::unsupported, "compressed 7 to 1"},
      {R"({"model_type":"nemotron-nas","num_hidden_layers":1,"hidden_size":64,"block_configs":[{"ffn":{"replace_with_linear":true}}]})",
       ErrorCode::unsupported, "layer 0"},
      {R"({"model_type":"nemotron-nas","num_hidden_layers":2,"hidden_size":64,"block_configs":[{}]})", ErrorCode::malformed, "1 layers of 2"},
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
