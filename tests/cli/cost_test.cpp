// The cost command as its users meet it: through run(), with the built-in catalogue.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>

#include "support/cli_call.hpp"
#include "support/parsed.hpp"

namespace hardscape::cli {
namespace {

nlohmann::json answer(std::vector<std::string> args) {
  args.insert(args.begin(), "cost");
  args.insert(args.end(), {"--json", "--as-of", "2026-11-24"});
  const auto outcome = call(std::move(args));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return parsed(outcome.out);
}

TEST(Cost, EveryAnswerIsTheSameKindOfDocument) {
  const std::vector<std::vector<std::string>> questions{
      {"break-even", "rtx-4090"}, {"break-even", "h100-sxm"}, {"tco", "rtx-4090", "--count", "4"}, {"power", "rtx-4090"},
      {"tokens", "h100-sxm", "--speed", "2000"}, {"worth-it", "rtx-4070", "rtx-4090"}, {"per-tflop"},
      {"break-even", "--basis", "guide"}, {"power", "--basis", "guide"}, {"tco", "--basis", "guide"}, {"per-tflop", "--basis", "guide"},
      {"worth-it", "--basis", "guide"}, {"tokens", "--basis", "guide"}};
  for (const auto& question : questions) {
    const auto json = answer(question);
    EXPECT_EQ(json["schema"], "hardscape.cost/1");
    EXPECT_EQ(json["currency"], "USD");
    EXPECT_TRUE(json["results"].is_array() && !json["results"].empty());
    EXPECT_TRUE(json["flips"].is_array());
    for (const auto& [key, input] : json["inputs"].items()) {
      for (const auto* member : {"low", "mid", "high", "source", "as_of"}) EXPECT_TRUE(input.contains(member)) << key;
      EXPECT_LE(input["low"].get<double>(), input["mid"].get<double>()) << key;
      EXPECT_LE(input["mid"].get<double>(), input["high"].get<double>()) << key;
    }
  }
}

TEST(Cost, BreakEvenComparesProvidersWithTheirDates) {
  const auto json = answer({"break-even", "h100-sxm"});
  std::set<std::string> providers;
  for (const auto& offer : json["offers"]) {
    providers.insert(offer["provider"].get<std::string>());
    EXPECT_TRUE(offer.contains("as_of") && offer.contains("break_even_hours_per_year"));
  }
  EXPECT_GE(providers.size(), 2u);
  const auto& notes = json["notes"];
  EXPECT_TRUE(std::any_of(notes.begin(), notes.end(), [](const auto& note) { return note["code"] == "undated-price" && note["message"].template get<std::string>().find("Nebius") != std::string::npos; }))
      << notes;
  EXPECT_EQ(json["scenarios"].size(), 4u);
  EXPECT_TRUE(json["uncertainty"]["seed"].is_number());
  EXPECT_FALSE(json["uncertainty"]["influences"].empty());
}

TEST(Cost, GivenInputsReachTheEngine) {
  const auto json = answer({"break-even", "rtx-4090", "--price", "1500", "--cloud", "1.2", "--power", "450", "--rate", "0.15", "--pue", "1.3",
                            "--maintenance", "500", "--life", "3", "--residual", "0", "--capital", "0", "--standby", "0"});
  EXPECT_NEAR(json["results"][0]["break_even_hours_per_year"].get<double>(), 899.07, 0.01);
  EXPECT_EQ(json["inputs"]["price_usd"]["source"], "given");
}

TEST(Cost, SpeedsOfANamedModelArePredicted) {
  const auto json = answer({"tokens", "h100-sxm", "--model", "llama-3.1-8b", "--concurrency", "8"});
  const auto& speed = json["inputs"]["output_tokens_per_s"];
  EXPECT_LT(speed["low"].get<double>(), speed["high"].get<double>());
  EXPECT_NE(speed["source"].get<std::string>().find("predicted"), std::string::npos);
  const auto rows = answer({"per-tflop", "rtx-4090", "rtx-4070", "--model", "llama-3.1-8b", "--sort", "token"});
  ASSERT_EQ(rows["results"].size(), 2u);
  EXPECT_LE(rows["results"][0]["usd_per_token_per_s"].get<double>(), rows["results"][1]["usd_per_token_per_s"].get<double>());
  EXPECT_EQ(call({"cost", "tokens", "h100-sxm", "--model", "no-such-model"}).status, 2);
  EXPECT_EQ(call({"cost", "tokens", "--machine", "h100-sxm", "--model", "llama-3.3-70b", "--json"}).out,
            call({"cost", "tokens", "h100-sxm", "--model", "llama-3.3-70b", "--json"}).out);
}

TEST(Cost, AModelThatStandsInForADerivedOneIsNamed) {
  for (const auto& args : {std::vector<std::string>{"cost", "tokens", "h100-sxm"}, {"cost", "per-tflop", "h100-sxm"}}) {
    auto derived = args, known = args;
    derived.insert(derived.end(), {"--model", "Hermes-3-Llama-3.1-8B"});
    known.insert(known.end(), {"--model", "llama-3.1-8b"});
    EXPECT_NE(call(std::move(derived)).err.find("taken as Llama 3.1 8B"), std::string::npos) << args[1];
    EXPECT_EQ(call(std::move(known)).err.find("taken as"), std::string::npos) << args[1];
  }
}

TEST(Cost, OldPricesAreFlagged) {
  const auto outcome = call({"cost", "tco", "rtx-4070", "--as-of", "2026-11-24"});
  EXPECT_NE(outcome.out.find("2023-04"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("days old"), std::string::npos) << outcome.out;
}

TEST(Cost, TakesSeveralOfADeviceByName) {
  const auto four = call({"cost", "tco", "4x rtx-3090", "--json", "--as-of", "2026-11-24"});
  const auto counted = call({"cost", "tco", "rtx-3090", "--count", "4", "--json", "--as-of", "2026-11-24"});
  EXPECT_EQ(four.status, 0) << four.err;
  EXPECT_EQ(four.out, counted.out);
  EXPECT_EQ(call({"cost", "tco", "4x", "rtx-3090", "--json", "--as-of", "2026-11-24"}).out, counted.out);
  EXPECT_EQ(call({"cost", "tco", "4x rtx-3090", "--count", "2"}).status, 2);
  EXPECT_EQ(call({"cost", "tco", "rtx-3090 + h100-sxm"}).status, 2);
}

// A board brings its own processor, memory and supply: 249 $ and nothing beside it is bought.
TEST(Cost, AComputerNeedsNoHost) {
  const auto json = answer({"tco", "jetson-orin-nano-super", "--count", "2"});
  for (const auto* part : {"hosts", "power_supplies"}) EXPECT_EQ(json["results"][0]["parts_usd"][part], 0) << part;
  EXPECT_EQ(json["build"]["power_supplies_per_host"], 0);
  EXPECT_EQ(json["build"]["peak_power_w"], 25);
  const auto card = answer({"tco", "rtx-4090"});
  EXPECT_GT(card["results"][0]["parts_usd"]["hosts"], 0);
  EXPECT_GT(answer({"tco", "jetson-orin-nano-super", "--host", "100"})["results"][0]["parts_usd"]["hosts"], 0);
}

// A byte a weight instead of a half and a little: not faster, and the answer says which it is.
TEST(Cost, TheQuantisationOfANamedModelCounts) {
  const auto speed = [](const char* model) { return answer({"tokens", "h100-sxm", "--model", model})["inputs"]["output_tokens_per_s"]; };
  const auto four = speed("llama-3.1-8b"), eight = speed("llama-3.1-8b:Q8_0");
  EXPECT_LT(eight["mid"].get<double>(), 0.8 * four["mid"].get<double>());
  EXPECT_NE(eight["source"].get<std::string>().find("Q8_0"), std::string::npos);
}

// What nobody told is not free: no price of prompts without a speed at which they are read.
TEST(Cost, PromptsWithoutASpeedHaveNoPrice) {
  const auto json = answer({"tokens", "h100-sxm", "--speed", "2000"});
  for (const auto& way : json["results"]) {
    EXPECT_TRUE(way["prompt_usd_per_mtok"].is_null()) << way;
    EXPECT_GT(way["output_usd_per_mtok"], 0) << way;
  }
  const auto both = answer({"tokens", "h100-sxm", "--speed", "2000", "--prompt-speed", "10000"});
  EXPECT_GT(both["results"][0]["prompt_usd_per_mtok"], 0);
  const auto api = call({"cost", "tokens", "h100-sxm", "--speed", "2000", "--prompt-speed", "10000", "--api-output", "1"});
  EXPECT_EQ(api.status, 2);
  EXPECT_NE(api.err.find("--api-prompt"), std::string::npos) << api.err;
  EXPECT_EQ(call({"cost", "tokens", "h100-sxm", "--speed", "2000", "--prompt-speed", "10000", "--api-prompt", "1"}).status, 2);
  EXPECT_EQ(call({"cost", "tokens", "h100-sxm", "--speed", "2000", "--api-output", "1"}).status, 0);   // no prompts in it
}

TEST(Cost, SeveralDevicesAreWarnedOfOnce) {
  std::set<std::string> messages;
  const auto json = answer({"power", "rtx-4090", "rtx-3090", "h100-sxm"});
  for (const auto& note : json["notes"]) EXPECT_TRUE(messages.insert(note["message"].get<std::string>()).second) << note;
  EXPECT_FALSE(messages.empty());
}

TEST(Cost, NotesAreOfInputsThatTheAnswerRestsOn) {
  const auto json = answer({"break-even", "h100-sxm"});
  for (const auto& note : json["notes"]) EXPECT_EQ(note["message"].get<std::string>().find("Host without"), std::string::npos) << note;
}

TEST(Cost, AbsurdInputsAreRefusedWithStatusTwo) {
  struct Row {
    std::vector<std::string> args;
    std::string says;
  };
  for (const auto& [args, says] : {
           Row{{"break-even", "h200-sxm", "--power", "4.5"}, "rated 700 W"},
           Row{{"break-even", "h100-sxm", "--pue", "900%"}, "1 to 3"},
           Row{{"break-even", "h100-sxm", "--price", "1400EUR"}, "US dollars"},
           Row{{"break-even", "h100-sxm", "--price", "1800..1400"}, "empty range"},
           Row{{"break-even", "h100-sxm", "--price", "-1"}, "$1.00"},
           Row{{"break-even", "h100-sxm", "--offer", "nothing"}, "no offer"},
           Row{{"break-even", "no-such-gpu"}, "no device"},
           Row{{"break-even", "h100-sxm", "--draws", "5"}, "100 to 5000000"},
           Row{{"break-even", "h100-sxm", "--as-of", "yesterday"}, "YYYY-MM-DD"},
           Row{{"break-even", "--basis", "guide", "--price", "5"}, "leave it out"},
           Row{{"break-even"}, "name a device"},
           Row{{"break-even", "rtx-4090", "--price", ""}, "empty"},
           Row{{"break-even", ""}, "empty"},
           Row{{"break-even", "rtx-4090", "--seed", "-1"}, "negative"},
           Row{{"tco", "rtx-4090", "--per-host", "0"}, "1 to 128"},
           Row{{"tco", "h100-sxm", "--years", "1,x"}, "--years"},
           Row{{"power", "rtx-4090", "--inference-hours", "25"}, "24"},
           Row{{"tokens", "h100-sxm"}, "--speed"},
           Row{{"tokens", "h100-sxm", "--model", "llama-3.1-8b:Q9_9"}, "Q9_9"},
           Row{{"worth-it", "rtx-4070"}, "two devices"},
           Row{{"per-tflop", "--precision", "fp12"}, "fp16"},
           Row{{"braek-even"}, "break-even"},
       }) {
    auto all = args;
    all.insert(all.begin(), "cost");
    const auto outcome = call(all);
    EXPECT_EQ(outcome.status, 2) << args[0] << ": " << outcome.out;
    EXPECT_NE(outcome.err.find(says), std::string::npos) << args[0] << ": " << outcome.err;
    EXPECT_TRUE(outcome.out.empty()) << args[0];
  }
}

TEST(Cost, PlotWritesADrawing) {
  const auto path = std::filesystem::temp_directory_path() / "hardscape-cost-plot-test.svg";
  std::filesystem::remove(path);
  const auto outcome = call({"cost", "break-even", "rtx-4090", "--plot", path.string()});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("c rent, o own"), std::string::npos);
  std::ifstream file(path);
  std::string first;
  std::getline(file, first);
  EXPECT_EQ(first.rfind("<svg", 0), 0u);
  std::filesystem::remove(path);
}

TEST(Cost, ExplainNamesSourcesAndFormulas) {
  const auto outcome = call({"cost", "break-even", "rtx-4090", "--explain"});
  EXPECT_NE(outcome.out.find("CRF"), std::string::npos);
  EXPECT_NE(outcome.out.find("guide"), std::string::npos);
  EXPECT_NE(call({"cost", "tco", "rtx-4070", "--explain"}).out.find("launch price"), std::string::npos);
}

}  // namespace
}  // namespace hardscape::cli
