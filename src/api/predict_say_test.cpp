#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hardscape/api_predict.hpp"
#include "hardscape/document.hpp"
#include "hardscape/recommend.hpp"
#include "support/catalogue.hpp"

namespace hardscape {
namespace {

std::string said_of(const char* machine, const char* model) {
  PredictRequest request;
  request.models = {model};
  request.contexts = {4096};
  const auto answers = predict_on(*machine_from_name(machine, catalogue()), machine, catalogue(), request);
  return answers ? render_text(predict_document(*answers, true)) : answers.error().message;
}

TEST(PredictSay, TellsHowManyOfTheMachinesDevicesTheModelNeeds) {
  EXPECT_THAT(said_of("4x rtx-4090", "llama-3.3-70b"), testing::HasSubstr("2 of 4x NVIDIA GeForce RTX 4090"));
  EXPECT_THAT(said_of("2x rtx-4090", "llama-3.3-70b"), testing::HasSubstr("  2x NVIDIA GeForce RTX 4090"));
  EXPECT_THAT(said_of("rtx-4090", "llama-3.1-8b"), testing::HasSubstr("  NVIDIA GeForce RTX 4090"));
}

TEST(PredictSay, ExplainsDecodeByTheTokenAndPrefillByThePrompt) {
  const std::string text = said_of("rtx-4090", "llama-3.1-8b");
  EXPECT_THAT(text, testing::ContainsRegex("Decode +ms a token"));
  EXPECT_THAT(text, testing::ContainsRegex("Prefill +ms for 512 tokens"));
}

}  // namespace
}  // namespace hardscape
