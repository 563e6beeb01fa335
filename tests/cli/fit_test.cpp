// fit and the main job as a user meets them: exit status, documents, what is on the screen.
#include "support/cli_call.hpp"
#include "support/golden.hpp"
#include "support/parsed.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

namespace hardscape::cli {
namespace {

// Speeds follow the calibration of another part and are cut out.
void expect_fit_golden(const std::string& name, const std::string& text) {
  expect_golden(name, std::regex_replace(text, std::regex("\\n  (decode|prefill) [^\\n]*"), ""));
}

TEST(Fit, StatusIsTheVerdict) {
  EXPECT_EQ(call({"fit", "--machine", "rtx-4090", "--model", "llama-3.1-8b"}).status, 0);
  EXPECT_EQ(call({"fit", "--machine", "rtx-4090", "--model", "llama-3.1-405b"}).status, 1);
  EXPECT_EQ(call({"fit", "--machine", "rtx-4090", "--model", "llama-3.1-8b", "--context", "many"}).status, 2);
  EXPECT_EQ(call({"fit", "--machine", "rtx-4090", "--model", "llama-3.1-8b", "--kv-type", "q9"}).status, 2);
  EXPECT_EQ(call({"fit", "--machine", "rtx-4090", "--use", "cooking"}).status, 2);
  EXPECT_EQ(call({"fit", "--machine", "", "--model", "llama-3.1-8b"}).status, 2);
  EXPECT_EQ(call({"fit", "--machine", "rtx-4090", "--min-params", "5000"}).status, 1);
}

TEST(Fit, AMisspeltModelIsAnInputThatCannotBeRead) {
  const auto outcome = call({"fit", "--machine", "rtx-4090", "--model", "lama-3.1-8b"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_NE(outcome.err.find("llama-3.1-8b"), std::string::npos) << outcome.err;
}

TEST(Fit, DocumentHasItsKeysAndItsSums) {
  const auto outcome = call({"fit", "--machine", "2x rtx-3090", "--model", "llama-3.3-70b", "--json"});
  const Json json = parsed(outcome.out);
  EXPECT_EQ(json.at("schema"), "hardscape.fit/1");
  const Json& row = json.at("results").at(0);
  EXPECT_EQ(row.at("model"), "llama-3.3-70b");
  EXPECT_EQ(row.at("quant"), "Q4_K_M");
  EXPECT_EQ(row.at("context"), 8192);
  EXPECT_EQ(row.at("verdict"), "fits");
  std::int64_t sum = 0;
  for (const auto& share : row.at("placement")) sum += share.at("bytes").get<std::int64_t>();
  EXPECT_EQ(sum, row.at("memory").at("total_bytes"));
  // 80 layers x 2 x 8 heads x 128 x 2 bytes x 8192 tokens.
  EXPECT_EQ(row.at("memory").at("kv_bytes"), 80LL * 2 * 8 * 128 * 2 * 8192);
  for (const auto* key : {"low", "mid", "high", "basis"}) EXPECT_TRUE(row.at("decode_tokens_per_s").contains(key));
  EXPECT_TRUE(row.at("prefill_tokens_per_s").contains("mid"));
  EXPECT_TRUE(row.at("bound").is_string());
  EXPECT_TRUE(row.at("notes").is_array());
}

TEST(Fit, ReadsAConfig) {
  const std::string path = ::testing::TempDir() + "hardscape-config.json";
  EXPECT_EQ(call({"fit", "--machine", "rtx-4090", "--model", path + "x.json"}).status, 3);
  // meta-llama/Llama-3.1-8B.
  std::ofstream(path) << R"({"model_type": "llama", "hidden_size": 4096, "num_hidden_layers": 32,
    "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336, "vocab_size": 128256,
    "max_position_embeddings": 131072, "tie_word_embeddings": false})";
  const auto from_file = call({"fit", "--machine", "rtx-4090", "--model", path, "--json"});
  ASSERT_EQ(from_file.status, 0) << from_file.err;
  const auto from_catalogue = call({"fit", "--machine", "rtx-4090", "--model", "llama-3.1-8b", "--json"});
  const auto bytes = [](const std::string& text, const char* key) { return parsed(text).at("results").at(0).at("memory").at(key).get<double>(); };
  EXPECT_NEAR(bytes(from_file.out, "weights_bytes"), bytes(from_catalogue.out, "weights_bytes"), 1e3);
  EXPECT_EQ(bytes(from_file.out, "kv_bytes"), bytes(from_catalogue.out, "kv_bytes"));
  // A file that does not say what it is called is called by its own name.
  EXPECT_EQ(parsed(from_file.out).at("results").at(0).at("name"), "hardscape-config.json");
}

TEST(Fit, SaysNothingOfAMachineWhoseMemoryIsUnknown) {
  const std::string path = ::testing::TempDir() + "hardscape-no-memory.json";
  std::ofstream(path) << R"({"schema": "hardscape.machine/1", "memory": {"total_bytes": null}})";
  for (const std::vector<std::string>& args : {std::vector<std::string>{"fit", "--machine", path, "--model", "llama-3.1-8b"},
                                               std::vector<std::string>{"fit", "--machine", path}}) {
    const auto outcome = call(args);
    EXPECT_EQ(outcome.status, 4) << outcome.out;
    EXPECT_NE(outcome.err.find("how much memory"), std::string::npos) << outcome.err;
  }
}

TEST(Fit, RefusesAFileThatIsNoModel) {
  const std::string path = ::testing::TempDir() + "hardscape-broken.gguf";
  std::ofstream(path) << "GGUF\x03";
  const auto outcome = call({"fit", "--machine", "rtx-4090", "--model", path});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_NE(outcome.err.find(path), std::string::npos) << outcome.err;
}

TEST(Fit, PlacementOnTwoCards) {
  expect_fit_golden("fit_two_cards.txt", call({"fit", "--machine", "2x rtx-3090", "--model", "llama-3.3-70b"}, 80).out);
}

TEST(Fit, PlacementOfExperts) {
  expect_fit_golden("fit_experts.txt",
                call({"fit", "--machine", "rtx-4090 + epyc-9654:128GB", "--model", "gpt-oss-120b", "--explain"}, 80).out);
}

TEST(Fit, WhatWouldHelp) {
  expect_fit_golden("fit_remedies.txt", call({"fit", "--machine", "rtx-4090", "--model", "llama-3.1-8b", "--quant", "Q8_0", "--context", "128K"}, 80).out);
}

TEST(Fit, StaysInEightyColumns) {
  for (const auto& args : std::vector<std::vector<std::string>>{{"fit", "--machine", "rtx-4090"},
                                                                 {"fit", "--machine", "2x rtx-3090", "--model", "llama-3.3-70b"},
                                                                 {"--machine", "rtx-4090"},
                                                                 {"--machine", "raspberry-pi-5"},
                                                                 {"--machine", "apple-m4-max-40"}}) {
    std::istringstream lines(call(args, 80).out);
    // A command to copy is never broken.
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("  hardscape ")) continue;
      EXPECT_LE(line.size(), 80u) << line;
    }
  }
}

TEST(MainJob, SaysTheSameInEveryForm) {
  const Json json = parsed(call({"--machine", "rtx-4090", "--json"}).out);
  EXPECT_EQ(json.at("schema"), "hardscape.overview/1");
  EXPECT_EQ(json.at("machine").at("schema"), "hardscape.machine/1");
  EXPECT_FALSE(json.at("limits").empty());
  EXPECT_GE(json.at("classes").size(), 8u);
  EXPECT_EQ(json.at("next").size(), 3u);
  EXPECT_EQ(json.at("engine").at("id"), "llama.cpp");
  const std::string text = call({"--machine", "rtx-4090"}).out;
  for (const auto& limit : json.at("limits")) EXPECT_NE(text.find(limit.at("message").get<std::string>()), std::string::npos);
  for (const auto& step : json.at("next")) EXPECT_NE(text.find(step.at("command").get<std::string>()), std::string::npos);
}

TEST(MainJob, RunsOnThisComputer) {
  const auto outcome = call({});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("What runs on it"), std::string::npos);
}

}  // namespace
}  // namespace hardscape::cli
