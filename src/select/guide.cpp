#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/json_reading.hpp"
#include "base/text.hpp"
#include "facts/json_writing.hpp"
#include "hardscape/select_guide.hpp"
#include "select/data_file.hpp"
#include "select/say.hpp"

namespace hardscape {
namespace {

struct Choice {
  std::string primary, alternative, cost;
  std::optional<double> least_usd;    // what the primary costs at least by the guide's own prices
  std::optional<double> memory_gb;    // what of it a model may use, by the guide's own figures
  bool rented = false;                // nothing to buy
  bool or_rented = false;             // the primary names a purchase or a service
  std::vector<std::string> reasoning, warnings, remarks;
};

struct Rule {
  std::vector<std::string> use_cases, locations, sizes, priorities;   // empty: any
  std::optional<double> budget_at_least;
  std::string answer;
  std::vector<std::string> warned_sizes;
  std::string warning;
};

struct Policy {
  std::vector<std::string> sizes;
  std::vector<double> needed_gb;
  std::vector<std::pair<std::string, Choice>> answers;
  std::vector<Rule> rules;
};

std::vector<std::string> words(const OrderedJson& json, const char* key) {
  return json.contains(key) ? json.at(key).get<std::vector<std::string>>() : std::vector<std::string>{};
}

std::optional<double> number(const OrderedJson& json, const char* key) {
  if (!json.contains(key)) return std::nullopt;
  return json.at(key).get<double>();
}

Policy read_policy() {
  Policy policy;
  const OrderedJson json = select::data_file("select/guide_policy.json");
  for (const auto& [size, gb] : json.at("needed_memory_gb").items()) {
    policy.sizes.push_back(size);
    policy.needed_gb.push_back(gb.get<double>());
  }
  for (const auto& [id, a] : json.at("answers").items()) {
    policy.answers.emplace_back(
        id, Choice{a.at("primary"), a.at("alternative"), a.at("estimated_cost"), number(a, "least_usd"),
                   number(a, "memory_gb"), a.value("cloud", false), a.value("or_cloud", false), words(a, "reasoning"),
                   words(a, "warnings"), words(a, "remarks")});
  }
  for (const OrderedJson& r : json.at("rules")) {
    Rule rule{words(r, "use_case"), words(r, "location"),        words(r, "model_size"), words(r, "priority"),
              number(r, "budget_at_least"), r.at("answer"), {},                    {}};
    if (r.contains("warn")) {
      rule.warned_sizes = words(r.at("warn"), "model_size");
      rule.warning = r.at("warn").at("text");
    }
    policy.rules.push_back(std::move(rule));
  }
  return policy;
}

const Policy& policy() {
  static const Policy k_policy = read_policy();
  return k_policy;
}

bool allows(const std::vector<std::string>& allowed, const std::string& word) {
  return allowed.empty() || std::find(allowed.begin(), allowed.end(), word) != allowed.end();
}

bool holds(const Rule& rule, const GuideQuestion& q) {
  return allows(rule.use_cases, q.use_case) && allows(rule.locations, q.location) && allows(rule.sizes, q.model_size) &&
         allows(rule.priorities, q.priority) && (!rule.budget_at_least || q.budget_usd >= *rule.budget_at_least);
}

std::string with_model(std::string text, const std::string& size) {
  constexpr std::string_view k_slot = "{model}";
  for (std::size_t at = text.find(k_slot); at != std::string::npos; at = text.find(k_slot, at + size.size())) {
    text.replace(at, k_slot.size(), size);
  }
  return text;
}

std::vector<std::string> broken_promises(const GuideQuestion& q, const Choice& choice, double needed_gb) {
  std::vector<std::string> notes;
  if (choice.least_usd && !choice.rented && q.budget_usd < *choice.least_usd) {
    const std::string have =
        q.budget_usd > 0 ? "the budget is " + select::say_usd(q.budget_usd) : std::string("nothing is to be bought");
    notes.push_back(choice.or_rented
                        ? fmt::format("Breaks its own budget: the machine it names costs {} or more and {}; only the "
                                      "service it names beside it is within reach.", select::say_usd(*choice.least_usd), have)
                        : fmt::format("Breaks its own budget: by the guide's prices this costs {} or more and {}.",
                                      select::say_usd(*choice.least_usd), have));
  }
  if (choice.memory_gb && needed_gb > *choice.memory_gb) {
    notes.push_back(fmt::format("Breaks its own memory figure: by the guide a {} model at 4 bits needs {:g} GB, and a "
                                "model may use {:g} GB of this.", q.model_size, needed_gb, *choice.memory_gb));
  }
  if (choice.rented && q.budget_usd <= 0 && choice.cost.find("/month") != std::string::npos) {
    notes.push_back("Even this asks for a monthly fee.");
  }
  return notes;
}

Status check(std::string_view what, const std::string& word, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), word) != known.end()) return Done{};
  return Error{ErrorCode::invalid_argument,
               fmt::format("the guide's table has no {} '{}'; it knows {}", what, printable(word), join_words(known))};
}

}  // namespace

const std::vector<std::string>& guide_model_sizes() { return policy().sizes; }

Result<GuideAnswer> ask_guide(const GuideQuestion& q) {
  if (!std::isfinite(q.budget_usd) || q.budget_usd < 0) {
    return Error{ErrorCode::invalid_argument, "a budget is a number of dollars from 0 up"};
  }
  const Policy& p = policy();
  for (const Status& status :
       {check("use case", q.use_case, {"training", "inference", "both", "development", "edge"}),
        check("location", q.location, {"home", "office", "datacenter", "mobile"}), check("model size", q.model_size, p.sizes),
        check("priority", q.priority, {"speed", "cost", "efficiency", "portability", "balanced"})}) {
    if (!status) return status.error();
  }
  const auto rule = std::find_if(p.rules.begin(), p.rules.end(), [&](const Rule& r) { return holds(r, q); });
  const auto found = std::find_if(p.answers.begin(), p.answers.end(),
                                  [&](const auto& a) { return rule != p.rules.end() && a.first == rule->answer; });
  if (found == p.answers.end()) {
    return Error{ErrorCode::unsupported, "data/select/guide_policy.json has no rule for this question"};
  }
  const Choice& choice = found->second;
  GuideAnswer answer{choice.primary, choice.alternative, choice.cost, {}, {}, {}};
  for (const std::string& text : choice.reasoning) answer.reasoning.push_back(with_model(text, q.model_size));
  for (const std::string& text : choice.warnings) answer.warnings.push_back(with_model(text, q.model_size));
  if (!rule->warning.empty() && allows(rule->warned_sizes, q.model_size)) {
    answer.warnings.push_back(with_model(rule->warning, q.model_size));
  }
  const auto size = static_cast<std::size_t>(std::find(p.sizes.begin(), p.sizes.end(), q.model_size) - p.sizes.begin());
  answer.notes = broken_promises(q, choice, p.needed_gb[size]);
  answer.notes.insert(answer.notes.end(), choice.remarks.begin(), choice.remarks.end());
  return answer;
}

std::string to_json(const GuideQuestion& q, const GuideAnswer& a) {
  const OrderedJson json = {{"schema", "hardscape.select/1"},
                     {"policy", "guide"},
                     {"question",
                      {{"budget_usd", q.budget_usd},
                       {"use_case", q.use_case},
                       {"location", q.location},
                       {"model_size", q.model_size},
                       {"priority", q.priority}}},
                     {"primary", a.primary},
                     {"alternative", a.alternative},
                     {"estimated_cost", a.estimated_cost},
                     {"reasoning", a.reasoning},
                     {"warnings", a.warnings},
                     {"notes", a.notes}};
  return dump_document(json);
}

}  // namespace hardscape
