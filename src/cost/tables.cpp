#include <algorithm>

#include "cost/data_file.hpp"
#include "facts/json_writing.hpp"
#include "hardscape/cost_power.hpp"

namespace hardscape::cost {
namespace {

std::vector<InputRule> read_rules() {
  const auto json = data_file("cost/inputs.json");
  std::optional<Error> failure;
  const JsonReader reader(json.root(), "", failure);
  std::vector<InputRule> rules;
  for (const auto& row : reader.array("inputs"))
    rules.push_back({row.need_text("key"), row.need_text("option"), row.need_text("label"), row.need_text("unit"),
                     row.need_number("least"), row.need_number("most")});
  return rules;
}

std::vector<Place> read_places() {
  const auto json = data_file("cost/places.json");
  std::optional<Error> failure;
  const JsonReader reader(json.root(), "", failure);
  std::vector<Place> read;
  for (const auto& row : reader.array("places")) {
    Place place{row.need_text("id"), row.need_text("name"), row.need_text("tariff"), {}, {}};
    for (const auto& input : row.array("inputs")) place.inputs.push_back(read_input(input));
    for (const auto& scaled : row.array("scaled")) {
      const auto source = scaled.object("source");
      place.scaled.push_back({scaled.need_text("key"), scaled.need_text("of"), scaled.need_number("low"),
                              scaled.need_number("mid"), scaled.need_number("high"),
                              source ? source_from(*source) : Source{}});
    }
    read.push_back(std::move(place));
  }
  return read;
}

std::vector<Scenario> read_scenarios() {
  const auto json = data_file("cost/scenarios.json");
  std::optional<Error> failure;
  const JsonReader reader(json.root(), "", failure);
  std::vector<Scenario> read;
  for (const auto& row : reader.array("scenarios"))
    read.push_back({row.need_text("id"), row.need_text("name"), row.need_number("hours_per_year")});
  return read;
}

std::vector<UsageMix> read_mixes() {
  const auto json = data_file("cost/usage_mixes.json");
  std::optional<Error> failure;
  const JsonReader reader(json.root(), "", failure);
  Source source;
  if (const auto where = reader.object("source")) source = source_from(*where);
  std::vector<UsageMix> read;
  for (const auto& row : reader.array("mixes")) {
    UsageMix mix{row.need_text("id"), row.need_text("name"), {}};
    for (const auto* key : {"idle_hours_per_day", "inference_hours_per_day", "training_hours_per_day"})
      mix.inputs.push_back(fixed_input(key, row.need_number(key), source));
    read.push_back(std::move(mix));
  }
  return read;
}

}  // namespace

const std::vector<InputRule>& input_rules() {
  static const auto k_rules = read_rules();
  return k_rules;
}

const InputRule* find_rule(std::string_view key) {
  const auto& rules = input_rules();
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const InputRule& r) { return r.key == key; });
  return rule == rules.end() ? nullptr : &*rule;
}

const std::vector<Place>& places() {
  static const auto k_places = read_places();
  return k_places;
}

const Place* find_place(std::string_view id) {
  const auto& all = places();
  const auto place = std::find_if(all.begin(), all.end(), [&](const Place& p) { return p.id == id; });
  return place == all.end() ? nullptr : &*place;
}

const std::vector<Scenario>& scenarios() {
  static const auto k_scenarios = read_scenarios();
  return k_scenarios;
}

const std::vector<UsageMix>& usage_mixes() {
  static const auto k_mixes = read_mixes();
  return k_mixes;
}

}  // namespace hardscape::cost
