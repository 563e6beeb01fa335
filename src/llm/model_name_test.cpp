#include "hardscape/model_name.hpp"

#include <gtest/gtest.h>

namespace hardscape {
namespace {

TEST(ModelName, AQuantisationAtTheEndIsNoPartOfTheName) {
  struct Case {
    const char *text, *name, *quant;   // no quant: empty
  };
  for (const auto& [text, name, quant] : {Case{"llama-3.1-8b:Q8_0", "llama-3.1-8b", "Q8_0"},
                                          Case{"llama3.1:8b", "llama3.1:8b", ""},
                                          Case{"llama3.1:8b:q4_k_m", "llama3.1:8b", "Q4_K_M"},
                                          Case{"Llama-3.1-8B-Instruct-Q6_K", "Llama-3.1-8B-Instruct", "Q6_K"},
                                          Case{"qwen3-8b-MLX-4bit", "qwen3-8b", "MLX-4bit"},
                                          Case{"gpt-oss-20b", "gpt-oss-20b", ""},
                                          Case{"34B", "34B", ""}, Case{"llama3:latest", "llama3:latest", ""},
                                          Case{"llama3.1:8b-instruct-fp16", "llama3.1:8b-instruct", "F16"},
                                          Case{"Qwen/Qwen2.5-7B-Instruct-GPTQ-Int4", "Qwen/Qwen2.5-7B-Instruct", "GPTQ-4bit"},
                                          Case{"Qwen2.5-7B-Instruct-AWQ", "Qwen2.5-7B-Instruct", "AWQ-4bit"},
                                          Case{"Meta-Llama-3.1-8B-Instruct-quantized.w4a16", "Meta-Llama-3.1-8B-Instruct-quantized", "GPTQ-4bit"},
                                          Case{"google/gemma-3-27b-it-qat-q4_0-gguf", "google/gemma-3-27b-it-qat", "Q4_0"},
                                          Case{"bartowski/Qwen3-8B-GGUF:Q6_K", "bartowski/Qwen3-8B-GGUF", "Q6_K"},
                                          Case{"qwen3-8b@4bit", "qwen3-8b", "MLX-4bit"}, Case{"qwen3 8b q5_k_m", "qwen3 8b", "Q5_K_M"},
                                          Case{"phi3:mini-4k", "phi3:mini-4k", ""}, Case{"bitnet-b1.58-2b-4t", "bitnet-b1.58-2b-4t", ""},
                                          Case{":Q8_0", ":Q8_0", ""},
                                          Case{"", "", ""}}) {
    const auto split = split_model_name(text);
    ASSERT_TRUE(split) << text;
    EXPECT_EQ(split->name, name) << text;
    EXPECT_EQ(split->quant.value_or(""), quant) << text;
  }
  for (const auto* unknown : {"llama-3.1-8b:Q9_9", "llama-3.1-8b:iq7", "llama-3.1-8b:Q4", "Qwen3-8B-UD-Q4_K_XL", "unsloth/Qwen3-8B-bnb-4bit", "qwen3-8b:fp5"}) {
    const auto split = split_model_name(unknown);
    ASSERT_FALSE(split) << unknown;
    EXPECT_EQ(split.error().code, ErrorCode::invalid_argument);
  }
}

}  // namespace
}  // namespace hardscape
