#include "cli/commands/cost.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include "hardscape/suggest.hpp"

namespace hardscape::cli {
namespace {

constexpr std::array k_questions{
    CostCommand{"per-tflop", "What a TFLOP, a GB, a GB/s or a token a second costs, device by device", run_cost_per_tflop},
    CostCommand{"break-even", "From how many hours a year on owning is cheaper than renting", run_cost_break_even},
    CostCommand{"tco", "What a machine of parts costs over 1, 3 and 5 years, by cause", run_cost_tco},
    CostCommand{"power", "What its electricity costs in a year, and what it emits", run_cost_power},
    CostCommand{"tokens", "What a million tokens cost: own, rented, or from an API", run_cost_tokens},
    CostCommand{"worth-it", "Is device B worth its premium over device A", run_cost_worth_it},
};
constexpr std::array<std::string_view, 5> k_globals_with_value{"--format", "--machine", "--root", "--data", "--color"};

std::string usage() {
  std::string text = "What it costs: purchase, energy, cloud, and what would change the answer\n\n"
                     "Usage: hardscape cost QUESTION [OPTIONS]\n\nQuestions:\n";
  for (const auto& question : k_questions)
    text += "  " + std::string(question.name) + std::string(12 - question.name.size(), ' ') + std::string(question.summary) + "\n";
  return text + "\nInputs may be ranges (--price 1400..1800). Details: hardscape cost QUESTION --help\n";
}

}  // namespace

ReadAhead::ReadAhead(const Catalogue& catalogue, bool models) {
  if (std::thread::hardware_concurrency() < 2) return;
  try {
    reading_ = std::thread([catalogue, models] {
      static_cast<void>(catalogue.offers());
      if (models) static_cast<void>(catalogue.models());
    });
  } catch (const std::system_error&) {   // no thread to be had: each is read when it is asked for
  }
}

ReadAhead::~ReadAhead() {
  if (reading_.joinable()) reading_.join();
}

int run_cost(Invocation& call) {
  auto args = call.args();
  std::size_t at = 0;
  while (at < args.size() && !args[at].empty() && args[at][0] == '-') {
    if (args[at] == "--help" || args[at] == "-h") break;
    const bool has_value = std::find(k_globals_with_value.begin(), k_globals_with_value.end(), args[at]) != k_globals_with_value.end();
    at += has_value ? 2 : 1;
  }
  if (at >= args.size()) {
    call.streams().err("hardscape: cost needs a question\n\n" + usage());
    return k_usage;
  }
  if (args[at] == "--help" || args[at] == "-h") {
    call.streams().out(usage());
    return k_yes;
  }
  const std::string name = args[at];
  const auto* question = std::find_if(k_questions.begin(), k_questions.end(), [&](const CostCommand& q) { return q.name == name; });
  if (question == k_questions.end()) {
    std::vector<std::string> names;
    for (const auto& one : k_questions) names.emplace_back(one.name);
    call.streams().err("hardscape: cost has no question \"" + printable_text(name) + "\"" + did_you_mean(name, names) +
                       "\nTry: hardscape cost --help\n");
    return k_usage;
  }
  args.erase(args.begin() + static_cast<std::ptrdiff_t>(at));
  Invocation asked(std::move(args), call.streams(), call.environment());
  return question->run(asked);
}

}  // namespace hardscape::cli
