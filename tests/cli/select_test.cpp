#include "support/cli_call.hpp"
#include "support/parsed.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace hardscape::cli {
namespace {

Outcome typing(std::vector<std::string> args, std::deque<std::string> typed) { return call(std::move(args), 0, std::move(typed)); }

const std::vector<std::string> k_question{"select", "--budget", "2000", "--use-case", "inference", "--location", "home",
                                          "--model-size", "34B", "--priority", "balanced"};

std::vector<std::string> with(std::vector<std::string> more) {
  std::vector<std::string> all = k_question;
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(SelectCommand, AnswersInTextAndJson) {
  const Outcome text = call(k_question);
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_NE(text.out.find("tokens/s predicted"), std::string::npos);
  const auto json = parsed(call(with({"--json"})).out);
  EXPECT_EQ(json.at("schema"), "hardscape.select/1");
  EXPECT_LE(json.at("primary").at("total_usd").at("high"), 2000);
}

TEST(SelectCommand, ExplainsPricesAndFormulas) {
  const Outcome plain = call(k_question), explained = call(with({"--explain"}));
  for (const char* part : {"Over the years: purchase", "J a token: W at the wall", "(host-desktop): "}) {
    EXPECT_NE(explained.out.find(part), std::string::npos) << part;
    EXPECT_EQ(plain.out.find(part), std::string::npos) << part;
  }
}

TEST(SelectCommand, GivesTheGuidesAnswerOnRequest) {
  const auto json = parsed(call(with({"--policy", "guide", "--json"})).out);
  EXPECT_EQ(json.at("primary"), "RTX 4090 (24GB)");
  EXPECT_EQ(call({"select", "--policy", "guide", "--use-case", "edge"}).status, 2);   // no budget
}

TEST(SelectCommand, AsksWhenNothingIsSaid) {
  const Outcome asked = typing({"select", "--policy", "guide"}, {"c", "b", "a", "d", "a"});
  EXPECT_EQ(asked.status, 0) << asked.err;
  EXPECT_NE(asked.err.find("--budget 2500 --use-case inference --location home --model-size 34B --priority speed"),
            std::string::npos);
  EXPECT_NE(asked.out.find("RTX 4090"), std::string::npos);
  EXPECT_EQ(typing({"select"}, {"quit"}).status, 130);
}

TEST(SelectCommand, AnHonestNoIsStatusOne) {
  const Outcome none = call({"select", "--budget", "50", "--model-size", "70B"});
  EXPECT_EQ(none.status, 1);
  EXPECT_NE(none.out.find("What would have to give"), std::string::npos);
}

TEST(SelectCommand, WrongWordsAreStatusTwo) {
  EXPECT_EQ(call({"select", "--budget", "1000", "--use-case", "gaming"}).status, 2);
  EXPECT_EQ(call({"select", "--budget", "-5"}).status, 2);
  EXPECT_EQ(call({"select", "--budget", "much"}).status, 2);
  const Outcome model = call({"select", "--budget", "1000", "--model-size", "lama-3.1-8b"});
  EXPECT_EQ(model.status, 2);
  EXPECT_NE(model.err.find("llama-3.1-8b"), std::string::npos) << model.err;
  EXPECT_NE(call({"select", "--scenario", "solo-develper"}).err.find("solo-developer"), std::string::npos);
}

TEST(SelectCommand, SaysWhatAWordOrNumberMayBe) {
  struct Row {
    std::vector<std::string> more;
    const char* says;
  };
  for (const auto& [more, says] : {Row{{"--vendor", "foo"}, "NVIDIA"}, Row{{"--os", "beos"}, "linux"}, Row{{"--quant", "Q99"}, "Q4_K_M"},
                                   Row{{"--kwh", "500"}, "0 to 2"}, Row{{"--concurrency", "100000"}, "65536"},
                                   Row{{"--monthly-budget", "1..2"}, "one amount"}, Row{{"--monthly-budget", "50 EUR"}, "US dollars"},
                                   Row{{"--model-size", ""}, "empty"}}) {
    std::vector<std::string> args{"select", "--budget", "2000"};
    args.insert(args.end(), more.begin(), more.end());
    const Outcome outcome = call(args);
    EXPECT_EQ(outcome.status, 2) << more[0] << " " << more[1] << ": " << outcome.out;
    EXPECT_NE(outcome.err.find(says), std::string::npos) << outcome.err;
  }
  EXPECT_EQ(call({"select", "--model", "llama-3.1-8b:Q8_0", "--quant", "Q4_K_M"}).status, 2);
}

TEST(SelectCommand, TakesMoneyAsPeopleWriteItAndAQuantisationWithTheModel) {
  const auto plain = call({"select", "--budget", "2000", "--model", "llama-3.1-8b", "--quant", "Q8_0", "--os", "linux", "--json"});
  EXPECT_EQ(plain.status, 0) << plain.err;
  for (const char* budget : {"$2,000", "2k", "2000 USD"})
    EXPECT_EQ(call({"select", "--budget", budget, "--model", "llama-3.1-8b:Q8_0", "--os", "Linux", "--json"}).out, plain.out) << budget;
}

TEST(SelectCommand, EveryScenarioIsAnswered) {
  const auto list = parsed(call({"select", "--scenarios", "--json"}).out);
  for (const auto& s : list.at("results")) {
    const Outcome one = call({"select", "--scenario", s.at("name")});
    EXPECT_LE(one.status, 1) << s.at("name") << one.err;
    EXPECT_NE(one.out.find("Why it differs from the guide"), std::string::npos) << s.at("name");
  }
}

TEST(EdgeCommand, ShowsTheMatrixAndNeuralProcessors) {
  const Outcome edge = call({"edge"});
  EXPECT_EQ(edge.status, 0) << edge.err;
  EXPECT_NE(edge.out.find("Raspberry Pi 5"), std::string::npos);
  EXPECT_NE(edge.out.find("Coral"), std::string::npos);
  EXPECT_NE(edge.out.find("Hailo-10H"), std::string::npos);
  EXPECT_EQ(call({"edge", "raspberry-pi-5"}).out, call({"edge", "--device", "raspberry-pi-5"}).out);
  EXPECT_EQ(call({"edge", "--device", "toaster"}).status, 2);
  EXPECT_EQ(call({"edge", "--device", "raspberry-pi-5", "--model-size", "70B"}).status, 1);
  EXPECT_EQ(parsed(call({"edge", "--json"}).out).at("results").size(), 8u);
}

}  // namespace
}  // namespace hardscape::cli
