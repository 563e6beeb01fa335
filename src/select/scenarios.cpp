#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_reading.hpp"
#include "facts/json_writing.hpp"
#include "hardscape/select_scenarios.hpp"
#include "select/data_file.hpp"
#include "select/say.hpp"

namespace hardscape {
namespace {

template <class T>
std::optional<T> quantity(const OrderedJson& json, const char* key) {
  if (!json.contains(key)) return std::nullopt;
  return T{json.at(key).get<double>()};
}

Question question_of(const OrderedJson& json) {
  Question q;
  q.budget = quantity<Usd>(json, "budget_usd");
  q.monthly_budget = quantity<Usd>(json, "monthly_budget_usd");
  q.use_case = use_case_from(json.at("use_case").get<std::string>()).value_or(q.use_case);
  q.location = location_from(json.at("location").get<std::string>()).value_or(q.location);
  q.priority = priority_from(json.at("priority").get<std::string>()).value_or(q.priority);
  q.model = json.at("model_size");
  q.concurrency = json.value("concurrency", q.concurrency);
  if (json.contains("hours_per_day")) q.hours_per_day = json.at("hours_per_day").get<double>();
  q.limits.must_rent = json.value("must_rent", false);
  return q;
}

std::vector<Scenario> read_scenarios() {
  std::vector<Scenario> read;
  const OrderedJson json = select::data_file("select/scenarios.json");
  for (const OrderedJson& s : json.at("scenarios")) {
    read.push_back({s.at("id"), s.at("group"), s.at("title"), question_of(s.at("question")), s.at("guide"), s.at("remark")});
  }
  return read;
}

}  // namespace

std::span<const Scenario> scenarios() {
  static const std::vector<Scenario> k_scenarios = read_scenarios();
  return k_scenarios;
}

const Scenario* find_scenario(std::string_view id) {
  const auto all = scenarios();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Scenario& s) { return s.id == id; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> differences(const Scenario& scenario, const Recommendation& answer) {
  std::vector<std::string> said;
  if (!scenario.remark.empty()) said.push_back(scenario.remark);
  if (answer.primary) {
    const Option& p = *answer.primary;
    const std::string price = p.candidate.usd_per_hour ? select::say_usd(p.candidate.usd_per_hour->mid) + " an hour"
                                                       : select::say_usd(*p.candidate.usd);
    said.push_back(fmt::format("Today's prices and predicted speeds lead to {}: {}, {} on {}.", p.candidate.name, price,
                               select::say_speed(*p.performance.decode), p.performance.model));
  } else {
    said.push_back("At today's prices nothing meets this; see what would have to give.");
  }
  return said;
}

std::string to_json(std::span<const Scenario> all) {
  OrderedJson json = {{"schema", "hardscape.scenarios/1"}, {"results", OrderedJson::array()}};
  for (const Scenario& s : all) {
    json["results"].push_back(
        {{"name", s.id}, {"group", s.group}, {"title", s.title}, {"guide", s.guide}, {"remark", s.remark}});
  }
  return dump_document(json);
}

}  // namespace hardscape
