#include <fmt/format.h>

#include <optional>
#include <utility>

#include "cli/commands.hpp"
#include "cli/commands/select_ask.hpp"
#include "cli/commands/select_view.hpp"
#include "cli/model_input.hpp"
#include "cli/options.hpp"
#include "hardscape/cost.hpp"
#include "hardscape/recommend.hpp"
#include "hardscape/suggest.hpp"

namespace hardscape::cli {
namespace {

constexpr int k_interrupted = 130;

struct Flags {
  std::optional<double> speed, hours, kwh, circuit;
  std::string budget, monthly, use_case, location, model, priority, policy = "optimise", scenario;
  Question question;   // holds the defaults that CLI11 shows
  std::string noise, size, os;
  bool upgrade = false, list = false;
};

void add_options(Options& app, Flags& f) {
  Question& q = f.question;
  app.add_option("--budget", f.budget, "Dollars to spend in all (2000, $2,000, 2k); 0: buy nothing");
  app.add_option("--monthly-budget", f.monthly, "Dollars a month for rent");
  app.add_option("--use-case", f.use_case, "training, inference, both, development or edge");
  app.add_option("--location", f.location, "home, office, datacenter or mobile");
  app.add_option("--model-size,--model", f.model, "3B, 7B, 13B, 34B, 70B, 180B, or a model of the catalogue (llama-3.1-8b:Q8_0)");
  app.add_option("--priority", f.priority, "speed, cost, efficiency, portability or balanced");
  app.add_option("--policy", f.policy, "optimise, or guide for the guide's decision table")
      ->one_of({"optimise", "optimize", "guide"});
  app.add_option("--quant", q.quant, "Quantisation of the weights")->capture_default_str();
  app.add_option("--context", q.context, "Tokens of context for each request")->capture_default_str();
  app.add_option("--concurrency", q.concurrency, "Requests at once")->capture_default_str();
  app.add_option("--speed", f.speed, "Tokens/s that one request must reach");
  app.add_option("--hours-per-day", f.hours, "Hours of use a day");
  app.add_option("--years", q.years, "Years over which costs are added up")->capture_default_str();
  app.add_option("--kwh", f.kwh, "Dollars per kWh of electricity");
  app.add_option("--noise", f.noise, "Loudest that is bearable: silent, quiet, audible, loud");
  app.add_option("--circuit", f.circuit, "Watts that the socket carries without pause");
  app.add_option("--size", f.size, "Largest that has a place: phone, board, laptop, mini, desktop, workstation, server");
  app.add_flag("--portable", q.limits.portable, "Runs on its own battery");
  app.add_option("--vendor", q.limits.vendors, "Only hardware of this vendor (may be repeated)");
  app.add_option("--os", q.limits.os, "linux, windows, macos, android or ios");
  app.add_flag("--must-own", q.limits.must_own, "No renting");
  app.add_flag("--must-rent", q.limits.must_rent, "No buying");
  app.add_flag("--upgrade", f.upgrade, "What to add to this machine (or to --machine)");
  app.add_option("--scenario", f.scenario, "A named question; see --scenarios");
  app.add_flag("--scenarios", f.list, "List the named questions");
}

// Asked when nothing of the question was said.
bool says_nothing(const Options& app) { return !app.any_given("Options of every command", "--policy"); }

// As the cost commands read money: "$2,000", "2k".
Status read_dollars(const char* option, const std::string& text, std::optional<Usd>& into) {
  if (text.empty()) return Done{};
  const auto read = cost::parse_input({"budget_usd", option, "Budget", "usd", 0, 1e9}, text);
  if (!read) {
    std::string said = read.error().message;   // which offers a range, as the cost commands take one
    if (const auto range = said.find(", as a number or a range"); range != std::string::npos) said.erase(range);
    return Error{read.error().code, std::move(said)};
  }
  if (read->spread != cost::Spread::fixed) return Error{ErrorCode::invalid_argument, fmt::format("--{}: one amount is expected, not a range", option)};
  into = Usd{read->mid};
  return Done{};
}

Status read_wanted_model(Flags& f, bool quant_given) {
  if (f.model.empty()) return Done{};
  auto named = read_model_name(f.model, quant_given ? f.question.quant : std::string());
  if (!named) return named.error();
  if (named->quant) f.question.quant = *std::move(named->quant);
  f.question.model = std::move(named->name);
  return Done{};
}

Status fill(Flags& f, bool quant_given) {
  Question& q = f.question;
  if (f.speed) q.wanted = TokensPerSecond{*f.speed};
  if (f.hours) q.hours_per_day = *f.hours;
  if (f.kwh) q.electricity = UsdPerKilowattHour{*f.kwh};
  if (f.circuit) q.limits.circuit = Watts{*f.circuit};
  const auto set = [](const std::string& word, auto& member, auto reader) -> Status {
    if (word.empty()) return Done{};
    const auto value = reader(word);
    if (!value) return value.error();
    member = *value;
    return Done{};
  };
  for (const Status& status :
       {read_dollars("budget", f.budget, q.budget), read_dollars("monthly-budget", f.monthly, q.monthly_budget), read_wanted_model(f, quant_given),
        set(f.use_case, q.use_case, use_case_from), set(f.location, q.location, location_from),
        set(f.priority, q.priority, priority_from), set(f.noise, q.limits.noise, noise_from), set(f.size, q.limits.size, form_from)}) {
    if (!status) return status.error();
  }
  return Done{};
}

// False when the asked one gave up.
bool ask(Invocation& call, Flags& f) {
  Talk talk{[&](std::string_view text) { call.streams().err(text); }, call.streams().in_line, {}};
  std::optional<FiveAnswers> answers;
  if (call.streams().in_is_terminal && call.streams().err_is_terminal) {
    TerminalKeys keys;
    if (keys.ready()) talk.key = [&] { return keys.next(); };
    answers = ask_five(talk);
  } else {
    answers = ask_five(talk);
  }
  if (!answers) return false;
  f.budget = answers->budget;
  f.use_case = answers->use_case;
  f.location = answers->location;
  f.model = answers->model_size;
  f.priority = answers->priority;
  call.remark("\nThe same again: " + answers->command_line() + (f.policy == "guide" ? " --policy guide" : ""));
  return true;
}

int answer_by_guide(Invocation& call, const Flags& f) {
  GuideQuestion q;
  std::optional<Usd> budget;
  if (const Status status = read_dollars("budget", f.budget, budget); !status) return call.fail(status.error());
  q.budget_usd = budget.value_or(Usd{0}).value;
  if (!f.use_case.empty()) q.use_case = f.use_case;
  if (!f.location.empty()) q.location = f.location;
  if (!f.model.empty()) q.model_size = f.model;
  if (!f.priority.empty()) q.priority = f.priority;
  if (!budget) {
    return call.fail({ErrorCode::invalid_argument, "the guide's table starts from a budget; say --budget DOLLARS (0: rent only)"});
  }
  const auto answer = ask_guide(q);
  if (!answer) return call.fail(answer.error());
  return call.tell({.json = [&] { return to_json(q, *answer); }, .document = [&] { return view_of(q, *answer); }});
}

}  // namespace

int run_select(Invocation& call) {
  Flags f;
  Options app{"What to buy, rent or keep for a model and a budget", "hardscape select"};
  add_options(app, f);
  if (const auto over = call.parse(app)) return *over;
  if (f.list) return call.tell({.json = [] { return to_json(scenarios()); }, .document = [] { return list_of_scenarios(); }});
  if (says_nothing(app) && !ask(call, f)) {
    call.streams().err("\nNothing asked, nothing answered.\n");
    return k_interrupted;
  }
  if (f.policy == "guide") return answer_by_guide(call, f);

  const Scenario* scenario = nullptr;
  if (!f.scenario.empty()) {
    scenario = find_scenario(f.scenario);
    if (scenario == nullptr) {
      std::vector<std::string> names;
      for (const Scenario& s : scenarios()) names.push_back(s.id);
      return call.fail({ErrorCode::invalid_argument, "there is no scenario \"" + printable_text(f.scenario) + "\"" +
                                                         did_you_mean(f.scenario, names) + "; list them with --scenarios"});
    }
    f.question = scenario->question;
  }
  if (const Status status = fill(f, app.count("--quant") > 0); !status) return call.fail(status.error());
  auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  const Adviser adviser(*std::move(catalogue));
  Result<Recommendation> told = Error{};
  if (f.upgrade) {
    const auto mine = call.machine();
    if (!mine) return call.fail(mine.error());
    told = adviser.recommend_upgrade(f.question, *mine);
  } else {
    told = adviser.recommend(f.question);
  }
  if (!told) return call.fail(told.error());
  if (scenario != nullptr && call.wants_json()) {
    told->notes.push_back("The guide: " + scenario->guide);
    for (std::string& why : differences(*scenario, *told)) told->notes.push_back(std::move(why));
  }
  const bool explain = call.globals().explain;
  return call.tell({.json = [&] { return to_json(*told); },
                    .document = [&] { return scenario != nullptr ? view_of(*scenario, *told, explain) : view_of(*told, explain); },
                    .status = told->primary ? k_yes : k_no});
}

}  // namespace hardscape::cli
