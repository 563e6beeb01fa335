// Asks what to buy for a model and a budget, and prints the answer: the library in one call.
//
//   recommend [BUDGET_USD] [MODEL]      for example: recommend 2000 34B
#include <cstdio>
#include <cstdlib>

#include "hardscape/recommend.hpp"

int main(int argc, char** argv) {
  hardscape::Question question;
  question.budget = hardscape::Usd{argc > 1 ? std::atof(argv[1]) : 2000};
  question.model = argc > 2 ? argv[2] : "34B";
  question.use_case = hardscape::UseCase::inference;
  question.location = hardscape::Location::home;
  question.priority = hardscape::Priority::balanced;

  const auto answer = hardscape::recommend(question);
  if (!answer) {
    std::fprintf(stderr, "%s\n", answer.error().message.c_str());
    return 2;
  }
  if (!answer->primary) {
    std::puts("Nothing meets these limits.");
    for (const auto& clash : answer->clashes) std::printf("  %s\n", clash.relaxation.c_str());
    return 1;
  }
  std::printf("%s\n", answer->primary->candidate.name.c_str());
  for (const auto& reason : answer->primary->why) std::printf("  %s\n", reason.c_str());
  for (const auto& warning : answer->primary->warnings) std::printf("  Mind: %s\n", warning.c_str());
  for (const auto& other : answer->alternatives) std::printf("Or: %s\n", other.candidate.name.c_str());
  return 0;
}
