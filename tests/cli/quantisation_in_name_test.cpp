// "llama-3.1-8b:Q8_0" where a command takes a model: the numbers of Q8_0, or a refusal, never those of Q4_K_M.
#include "support/cli_call.hpp"
#include "support/parsed.hpp"

#include <gtest/gtest.h>


namespace hardscape::cli {
namespace {

using Arguments = std::vector<std::string>;

Arguments joined(Arguments first, const Arguments& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// Commands that take a model, without it: the model is said last.
const std::vector<Arguments> k_commands_with_model{
    {"fit", "--machine", "rtx-4090", "--json", "--model"},
    {"fit", "--devices", "--json", "--model"},
    {"predict", "--machine", "rtx-4090", "--json", "--model"},
    {"model", "show", "--json"},
    {"select", "--budget", "2000", "--json", "--model"},
};

// The document without the question, which repeats how the model was written.
Json answer_to(const Arguments& args) {
  const Outcome outcome = call(args);
  EXPECT_EQ(outcome.status, 0) << args[0] << outcome.err;
  Json document = parsed(outcome.out);
  document.erase("question");
  return document;
}

TEST(QuantisationInName, CountsAsIfItWereSaidApart) {
  for (const Arguments& command : k_commands_with_model) {
    const Json apart = answer_to(joined(command, {"llama-3.1-8b", "--quant", "Q8_0"}));
    for (const char* name : {"llama-3.1-8b:Q8_0", "Llama-3.1-8B-Instruct-Q8_0", "bartowski/Llama-3.1-8B-Instruct-GGUF:q8_0", "llama3.1:8b-instruct-q8_0"})
      EXPECT_EQ(answer_to(joined(command, {name})), apart) << command[0] << " " << name;
    EXPECT_EQ(answer_to(joined(command, {"llama-3.1-8b:Q8_0", "--quant", "q8_0"})), apart) << command[0];
    EXPECT_NE(answer_to(joined(command, {"llama-3.1-8b"})), apart) << command[0];
  }
}

// The published files have 8.54 GB at Q8_0 and 4.92 at Q4_K_M, some 8 MB of it the vocabulary.
TEST(QuantisationInName, GivesTheBytesOfThatFile) {
  const auto weights = [](const Arguments& args, const char* list) {
    const Json document = parsed(call(args).out);
    const Json& memory = list == nullptr ? document.at("memory") : document.at(list).at(0).at("memory");
    return memory.at("weights_bytes").get<double>();
  };
  EXPECT_NEAR(weights({"model", "show", "llama-3.1-8b:Q8_0", "--json"}, nullptr), 8.54e9, 0.013e9);
  EXPECT_NEAR(weights({"fit", "--machine", "rtx-4090", "--model", "llama-3.1-8b:Q8_0", "--json"}, "results"), 8.54e9, 0.013e9);
  EXPECT_NEAR(weights({"fit", "--machine", "rtx-4090", "--model", "llama-3.1-8b", "--json"}, "results"), 4.92e9, 0.013e9);
}

TEST(QuantisationInName, IsOneOfItsOwnForEachModelOfAList) {
  const auto results = parsed(call({"predict", "--machine", "rtx-4090", "--model", "llama-3.1-8b:Q8_0,llama-3.1-8b,gpt-oss-20b", "--json"}).out).at("results");
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].at("quant"), "Q8_0");
  EXPECT_EQ(results[1].at("quant"), "Q4_K_M");
  EXPECT_EQ(results[2].at("quant"), "MXFP4");   // as OpenAI publishes it, and as fit reckons
  EXPECT_LT(results[0].at("decode_tokens_per_s").at("mid"), results[1].at("decode_tokens_per_s").at("mid"));
  const auto row = parsed(call({"edge", "raspberry-pi-5", "--model", "3B:Q8_0", "--model", "3B", "--json"}).out).at("results").at(0);
  EXPECT_EQ(row.at("models").at(0).at("quant"), "Q8_0");
  EXPECT_EQ(row.at("models").at(1).at("quant"), "Q4_K_M");
  EXPECT_GT(row.at("models").at(0).at("needed_bytes"), row.at("models").at(1).at("needed_bytes"));
}

TEST(QuantisationInName, OfADraftModelCountsToo) {
  const auto total = [](const char* draft) {
    return parsed(call({"model", "show", "llama-3.3-70b", "--draft-model", draft, "--json"}).out).at("memory").at("total_bytes").get<double>();
  };
  EXPECT_NEAR(total("llama-3.1-8b:Q8_0") - total("llama-3.1-8b"), 8.54e9 - 4.92e9, 0.01e9);
}

TEST(QuantisationInName, ThatNobodyKnowsIsRefused) {
  auto commands = k_commands_with_model;
  commands.push_back({"edge", "raspberry-pi-5", "--model"});
  commands.push_back({"cost", "tokens", "rtx-4090", "--model"});
  commands.push_back({"bench", "--synthetic"});
  for (const Arguments& command : commands) {
    for (const char* name : {"llama-3.1-8b:Q9_9", "llama-3.1-8b:UD-Q4_K_XL", "unsloth/Llama-3.1-8B-bnb-4bit"}) {
      const Outcome outcome = call(joined(command, {name}));
      EXPECT_EQ(outcome.status, 2) << command[0] << " " << name << outcome.out;
      EXPECT_NE(outcome.err.find("no quantisation is called"), std::string::npos) << command[0] << " " << outcome.err;
    }
  }
}

TEST(QuantisationInName, ThatContradictsTheOptionIsRefused) {
  auto commands = k_commands_with_model;
  commands.push_back({"edge", "raspberry-pi-5", "--model"});
  for (const Arguments& command : commands) {
    const Outcome outcome = call(joined(command, {"llama-3.1-8b:Q8_0", "--quant", "Q4_K_M"}));
    EXPECT_EQ(outcome.status, 2) << command[0] << outcome.out;
    EXPECT_NE(outcome.err.find("says Q8_0 and --quant says Q4_K_M"), std::string::npos) << command[0] << " " << outcome.err;
  }
}

}  // namespace
}  // namespace hardscape::cli
