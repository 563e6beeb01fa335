// Models that are files of the user's: what is told of them is what is told of the same model by its name.
#include "support/cli_call.hpp"
#include "support/parsed.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>


namespace hardscape::cli {
namespace {

// Qwen/Qwen3-30B-A3B: a mixture of experts, which read as a dense model would be ten times too slow.
constexpr const char* k_mixture = R"({"model_type": "qwen3_moe", "hidden_size": 2048, "num_hidden_layers": 48,
  "num_attention_heads": 32, "num_key_value_heads": 4, "head_dim": 128, "intermediate_size": 6144, "num_experts": 128,
  "num_experts_per_tok": 8, "moe_intermediate_size": 768, "decoder_sparse_step": 1, "mlp_only_layers": [],
  "norm_topk_prob": true, "vocab_size": 151936, "max_position_embeddings": 40960, "tie_word_embeddings": false})";

double speed(const std::vector<std::string>& args, const char* list, const char* key) {
  const auto outcome = call(args);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return parsed(outcome.out).at("results").at(0).at(list).at(key).get<double>();
}

TEST(ModelFile, IsPredictedAsTheModelItDescribes) {
  TemporaryFolder folder;
  folder.write("moe/config.json", k_mixture);
  const std::string config = folder / "moe/config.json";
  for (const char* command : {"predict", "fit"}) {
    const auto told = [&](const std::string& model) { return speed({command, "--machine", "rtx-5090", "--model", model, "--json"}, "decode_tokens_per_s", "mid"); };
    const double by_name = told("qwen3-30b-a3b:Q4_K_M");
    EXPECT_NEAR(told(config) / by_name, 1, 0.01) << command;
    EXPECT_NEAR(told(folder / "moe") / by_name, 1, 0.01) << command;
  }
}

TEST(ModelFile, StandsBesideModelsOfTheCatalogue) {
  TemporaryFolder folder;
  folder.write("moe/config.json", k_mixture);
  const auto outcome = call({"predict", "--machine", "rtx-5090", "--model", "llama-3.1-8b," + (folder / "moe"), "--quant", "Q4_K_M,Q8_0", "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json results = parsed(outcome.out).at("results");
  ASSERT_EQ(results.size(), 4U);
  EXPECT_EQ(results.at(2).at("model"), "moe");
  EXPECT_EQ(results.at(3).at("quant"), "Q8_0");
}

TEST(ModelFile, ThatIsNoneIsRefusedInASentence) {
  TemporaryFolder folder;
  folder.write("odd/config.json", R"({"model_type": "abacus"})");
  EXPECT_EQ(call({"predict", "--machine", "rtx-4090", "--model", folder / "gone.gguf"}).status, 3);
  const auto odd = call({"predict", "--machine", "rtx-4090", "--model", folder / "odd"});
  EXPECT_NE(odd.status, 0);
  EXPECT_NE(odd.err.find("abacus"), std::string::npos) << odd.err;
  folder.write("empty/config.json", "");
  EXPECT_EQ(call({"predict", "--machine", "rtx-4090", "--model", folder / "empty"}).status, 3);
}

TEST(PredictCommand, SaysWhichMachineAndWhichEngineARowIsFor) {
  const auto machines = call({"predict", "--machines", "rtx-4090,m4-max-40c", "--model", "llama-3.1-8b"});
  ASSERT_EQ(machines.status, 0) << machines.err;
  EXPECT_NE(machines.out.find("\nm4-max-40c  llama-3.1-8b"), std::string::npos) << machines.out;
  EXPECT_NE(machines.out.find("llama.cpp CUDA; llama.cpp Metal"), std::string::npos) << machines.out;
  // Weights that llama.cpp does not read are told for the engine that does.
  const auto formats = call({"predict", "--machine", "rtx-4090", "--model", "llama-3.1-8b:AWQ,llama-3.1-8b"});
  ASSERT_EQ(formats.status, 0) << formats.err;
  EXPECT_NE(formats.out.find("memory  vLLM"), std::string::npos) << formats.out;
  EXPECT_NE(formats.out.find("memory  llama.cpp CUDA"), std::string::npos) << formats.out;
}

}  // namespace
}  // namespace hardscape::cli
