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
                                          Case{":Q8_0", ":Q8_0", ""},
                                          Case{"", "", ""}}) {
    const auto split = split_model_name(text);
    ASSERT_TRUE(split) << text;
    EXPECT_EQ(split->name, name) << text;
    EXPECT_EQ(split->quant.value_or(""), quant) << text;
  }
  for (const auto* unknown : {"llama-3.1-8b:Q9_9", "llama-3.1-8b:iq7"}) {
    const auto split = split_model_name(unknown);
    ASSERT_FALSE(split) << unknown;
    EXPECT_EQ(split.error().code, ErrorCode::invalid_argument);
  }
}

}  // namespace
}  // namespace hardscape
