#include "hardscape/select_question.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.hpp"
#include "hardscape/cost.hpp"
#include "select/data_file.hpp"
#include "select/say.hpp"

namespace hardscape {
namespace {

template <class Enum, std::size_t n>
using Names = std::array<std::pair<Enum, std::string_view>, n>;

constexpr Names<UseCase, 5> k_use_cases{{{UseCase::training, "training"},
                                         {UseCase::inference, "inference"},
                                         {UseCase::both, "both"},
                                         {UseCase::development, "development"},
                                         {UseCase::edge, "edge"}}};
constexpr Names<Location, 4> k_locations{{{Location::home, "home"},
                                          {Location::office, "office"},
                                          {Location::datacenter, "datacenter"},
                                          {Location::mobile, "mobile"}}};
constexpr Names<Priority, 5> k_priorities{{{Priority::speed, "speed"},
                                           {Priority::cost, "cost"},
                                           {Priority::efficiency, "efficiency"},
                                           {Priority::portability, "portability"},
                                           {Priority::balanced, "balanced"}}};
constexpr Names<Form, 8> k_forms{{{Form::phone, "phone"},
                                  {Form::board, "board"},
                                  {Form::laptop, "laptop"},
                                  {Form::mini, "mini"},
                                  {Form::desktop, "desktop"},
                                  {Form::workstation, "workstation"},
                                  {Form::server, "server"},
                                  {Form::rented, "rented"}}};
constexpr Names<Noise, 4> k_noises{
    {{Noise::silent, "silent"}, {Noise::quiet, "quiet"}, {Noise::audible, "audible"}, {Noise::loud, "loud"}}};

template <class Enum, std::size_t n>
std::string_view name_in(const Names<Enum, n>& names, Enum value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return "unknown";
}

template <class Enum, std::size_t n>
Result<Enum> find_in(const Names<Enum, n>& names, std::string_view word, std::string_view what) {
  std::vector<std::string> known;
  for (const auto& [value, name] : names) {
    if (equal_ignoring_case(word, name)) return value;
    known.emplace_back(name);
  }
  return Error{ErrorCode::invalid_argument,
               fmt::format("there is no {} '{}'; choose {}", what, printable(word), join_words(known, "or"))};
}

Status check_amount(std::string_view what, double value, bool zero_makes_sense) {
  if (std::isfinite(value) && (value > 0 || (zero_makes_sense && value == 0))) return Done{};
  return Error{ErrorCode::invalid_argument, fmt::format("{} must be a number {} 0, not {:g}", what,
                                                        zero_makes_sense ? "from" : "above", value)};
}

constexpr int k_most_requests = 65536;   // what a placement is computed for (fit)
constexpr std::array<std::string_view, 5> k_systems{"linux", "windows", "macos", "android", "ios"};

Status check(const Question& q) {
  std::vector<Status> all;
  if (q.budget) all.push_back(check_amount("the budget in dollars", q.budget->value, true));
  if (q.monthly_budget) all.push_back(check_amount("the monthly budget in dollars", q.monthly_budget->value, true));
  if (q.wanted) all.push_back(check_amount("the wanted speed in tokens/s", q.wanted->value, false));
  if (q.hours_per_day) {
    all.push_back(check_amount("the hours of use a day", *q.hours_per_day, false));
    if (*q.hours_per_day > 24) all.push_back(Error{ErrorCode::invalid_argument, "a day has 24 hours"});
  }
  if (q.electricity) all.push_back(check_amount("the price of electricity", q.electricity->value, true));
  if (q.limits.circuit) all.push_back(check_amount("the circuit's power in watts", q.limits.circuit->value, false));
  all.push_back(check_amount("the years", q.years, false));
  all.push_back(check_amount("the context", q.context, false));
  all.push_back(check_amount("the concurrency", q.concurrency, false));
  for (const Status& status : all) {
    if (!status) return status.error();
  }
  const double most_usd_per_kwh = cost::find_rule("electricity_usd_per_kwh")->most;
  if (q.electricity && q.electricity->value > most_usd_per_kwh) {
    return Error{ErrorCode::invalid_argument, fmt::format("electricity at {:g} dollars per kWh makes no sense; allowed is 0 to {:g}", q.electricity->value,
                                                          most_usd_per_kwh)};
  }
  if (q.concurrency > k_most_requests) {
    return Error{ErrorCode::invalid_argument, fmt::format("the concurrency must be at most {} requests at once, not {}", k_most_requests, q.concurrency)};
  }
  if (q.limits.os && std::find(k_systems.begin(), k_systems.end(), to_lower(*q.limits.os)) == k_systems.end()) {
    return Error{ErrorCode::invalid_argument, fmt::format("there is no operating system '{}' here; choose {}", printable(*q.limits.os),
                                                          join_words(std::vector<std::string>(k_systems.begin(), k_systems.end()), "or"))};
  }
  if (q.years > 20) return Error{ErrorCode::invalid_argument, "costs over more than 20 years are a guess; ask for fewer"};
  return Done{};
}

struct Defaults {
  nlohmann::ordered_json hours, circuit, rent_monthly;
  double reading_speed = 0;
};

const Defaults& defaults() {
  static const Defaults k_defaults = [] {
    const auto json = select::data_file("select/defaults.json");
    return Defaults{json.at("hours_per_day"),
                    json.at("circuit_w"),
                    json.at("rent_only_monthly_usd"),
                    json.at("reading_speed_tokens_per_s").at("value")};
  }();
  return k_defaults;
}

double default_hours(const Question& q) {
  const std::string key(q.location == Location::datacenter ? to_string(q.location) : to_string(q.use_case));
  return defaults().hours.at(key);
}

// What the cost engine takes for the place where the question plays; nothing when it has no such figure.
std::optional<double> assumed_at(Location location, std::string_view key) {
  const cost::Place* place = cost::find_place(location == Location::datacenter ? "datacenter" : "home");
  const cost::Input* input = place == nullptr ? nullptr : cost::find_input(place->inputs, key);
  return input == nullptr ? std::nullopt : std::optional(input->mid);
}

}  // namespace

std::string_view to_string(UseCase value) { return name_in(k_use_cases, value); }
std::string_view to_string(Location value) { return name_in(k_locations, value); }
std::string_view to_string(Priority value) { return name_in(k_priorities, value); }
std::string_view to_string(Form value) { return name_in(k_forms, value); }
std::string_view to_string(Noise value) { return name_in(k_noises, value); }
Result<UseCase> use_case_from(std::string_view name) { return find_in(k_use_cases, name, "use case"); }
Result<Location> location_from(std::string_view name) { return find_in(k_locations, name, "location"); }
Result<Priority> priority_from(std::string_view name) { return find_in(k_priorities, name, "priority"); }
Result<Form> form_from(std::string_view name) { return find_in(k_forms, name, "size"); }
Result<Noise> noise_from(std::string_view name) { return find_in(k_noises, name, "noise level"); }

Result<AskedQuestion> with_defaults(Question q) {
  if (const Status status = check(q); !status) return status.error();
  AskedQuestion asked;
  asked.reading_speed = TokensPerSecond{defaults().reading_speed};
  if (q.limits.os) q.limits.os = to_lower(*q.limits.os);
  auto& said = asked.assumptions;
  if (q.monthly_budget && !q.budget) {
    q.budget = Usd{0};
    said.push_back("Only a monthly budget was given, so nothing is bought.");
  }
  if (q.budget && q.budget->value <= 0 && !q.monthly_budget) {
    q.monthly_budget = Usd{defaults().rent_monthly.at(std::string(to_string(q.location))).get<double>()};
    said.push_back(fmt::format("Nothing is to be bought and no monthly budget was given: up to {} of rent a month assumed.",
                               select::say_usd(q.monthly_budget->value)));
  }
  if (!q.budget && !q.monthly_budget) said.push_back("No budget was given: nothing is ruled out for its price.");
  if (!q.hours_per_day) {
    q.hours_per_day = default_hours(q);
    said.push_back(fmt::format("{:g} hours of use a day assumed.", *q.hours_per_day));
  }
  if (!q.electricity) {
    const auto price = assumed_at(q.location, "electricity_usd_per_kwh");
    if (!price) return Error{ErrorCode::unavailable, "no price of electricity is known for that place; give one with --kwh"};
    q.electricity = UsdPerKilowattHour{*price};
    said.push_back(fmt::format("Electricity at ${:.3f} per kWh assumed.", q.electricity->value));
  }
  asked.pue = assumed_at(q.location, "pue").value_or(1);
  if (asked.pue > 1) said.push_back(fmt::format("Cooling and supply of the place add {:.0f} % to the electricity (PUE {:g}).", (asked.pue - 1) * 100, asked.pue));
  const std::string place(to_string(q.location));
  if (!q.limits.circuit && defaults().circuit.contains(place)) {
    q.limits.circuit = Watts{defaults().circuit.at(place).get<double>()};
    said.push_back(fmt::format("A socket that carries {:.0f} W without pause assumed.", q.limits.circuit->value));
  }
  if (!q.wanted) {
    said.push_back(fmt::format("No speed was asked for: {:g} tokens/s, reading speed, preferred where something reaches it.",
                               defaults().reading_speed));
  }
  asked.question = std::move(q);
  return asked;
}

}  // namespace hardscape
