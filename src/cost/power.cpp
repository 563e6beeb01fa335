#include "hardscape/cost_power.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cost/binding.hpp"
#include "cost/cost_json.hpp"
#include "hardscape/cost_finance.hpp"

namespace hardscape::cost {
namespace {

constexpr double k_days = 365;
constexpr double k_significant = 0.15, k_major = 0.30;   // shares of the total at which the guide's code draws its lines

constexpr std::array k_power_fields{
    Field<PowerTerms>{"idle_hours_per_day", &PowerTerms::idle_hours_per_day, false},
    Field<PowerTerms>{"inference_hours_per_day", &PowerTerms::inference_hours_per_day, false},
    Field<PowerTerms>{"training_hours_per_day", &PowerTerms::training_hours_per_day, false},
    Field<PowerTerms>{"idle_power_w", &PowerTerms::idle_power_w, false},
    Field<PowerTerms>{"inference_power_w", &PowerTerms::inference_power_w},
    Field<PowerTerms>{"training_power_w", &PowerTerms::training_power_w},
    Field<PowerTerms>{"electricity_usd_per_kwh", &PowerTerms::electricity_usd_per_kwh},
    Field<PowerTerms>{"pue", &PowerTerms::pue},
    Field<PowerTerms>{"carbon_g_per_kwh", &PowerTerms::carbon_g_per_kwh, false},
    Field<PowerTerms>{"price_usd", &PowerTerms::price_usd, false},
    Field<PowerTerms>{"life_years", &PowerTerms::life_years, false},
};

double machine_kwh(const PowerTerms& terms) {
  return (terms.idle_hours_per_day * terms.idle_power_w + terms.inference_hours_per_day * terms.inference_power_w +
          terms.training_hours_per_day * terms.training_power_w) / 1000 * k_days;
}

double highest_hours(std::span<const Input> inputs) {
  double hours = 0;
  for (const auto* key : {"idle_hours_per_day", "inference_hours_per_day", "training_hours_per_day"})
    if (const Input* input = find_input(inputs, key)) hours += input->high;
  return hours;
}

}  // namespace

double power_kwh_per_year(const PowerTerms& terms) { return machine_kwh(terms) * terms.pue; }

Result<PowerReport> power(const PowerQuestion& question) {
  auto bound = Binding<PowerTerms>::make(k_power_fields, question.inputs);
  if (!bound) return std::move(bound).error();
  const auto& binding = *bound;
  if (const double hours = highest_hours(binding.inputs()); hours > 24)
    return Error{ErrorCode::invalid_argument,
                 fmt::format("idle, inference and training hours come to {:g} a day; allowed is 24 together", hours)};
  const PowerTerms mid = binding.mid();

  PowerReport report;
  report.name = question.name;
  report.inputs = binding.inputs();
  const auto state = [&](std::string name, double hours, double watts) {
    const double kwh = hours * watts / 1000 * k_days;
    report.states.push_back({std::move(name), hours, watts, kwh, kwh * mid.electricity_usd_per_kwh});
  };
  state("idle", mid.idle_hours_per_day, mid.idle_power_w);
  state("inference", mid.inference_hours_per_day, mid.inference_power_w);
  state("training", mid.training_hours_per_day, mid.training_power_w);
  report.kwh_per_year = power_kwh_per_year(mid);
  report.usd_per_year = report.kwh_per_year * mid.electricity_usd_per_kwh;
  report.cooling_usd_per_year = (report.kwh_per_year - machine_kwh(mid)) * mid.electricity_usd_per_kwh;
  report.carbon_kg_per_year = report.kwh_per_year * mid.carbon_g_per_kwh / 1000;
  if (mid.price_usd > 0) {
    const double energy = report.usd_per_year * mid.life_years;
    const double share = energy / (energy + mid.price_usd);
    report.share_of_total = share;
    report.weight = share > k_major ? "major" : share > k_significant ? "significant" : "minor";
  }
  for (const auto& scenario : scenarios()) {
    const double hours = scenario.hours_per_year, rate = mid.electricity_usd_per_kwh;
    report.duties.push_back({scenario.name, hours, annual_kwh(mid.inference_power_w, hours, 0, 0, mid.pue) * rate,
                             annual_kwh(mid.training_power_w, hours, 0, 0, mid.pue) * rate});
  }
  for (const auto& tariff : question.tariffs)
    report.regions.push_back({tariff, report.kwh_per_year * tariff.usd_per_kwh});
  std::stable_sort(report.regions.begin(), report.regions.end(),
                   [](const auto& a, const auto& b) { return a.usd_per_year < b.usd_per_year; });

  Question asked;
  asked.inputs = binding.inputs();
  asked.outcome = [&](std::span<const double> values) {
    const PowerTerms terms = binding(values);
    return power_kwh_per_year(terms) * terms.electricity_usd_per_kwh;
  };
  auto exploration = explore(asked, question.simulation);
  if (!exploration) return std::move(exploration).error();
  report.exploration = *std::move(exploration);
  return report;
}

std::string to_json(const std::vector<PowerReport>& reports) {
  OrderedJson results = OrderedJson::array();
  std::vector<Note> notes;
  for (const auto& report : reports) {
    OrderedJson one = {{"name", report.name}, {"energy_kwh_per_year", report.kwh_per_year},
                       {"energy_usd_per_year", report.usd_per_year}, {"cooling_usd_per_year", report.cooling_usd_per_year},
                       {"carbon_kg_per_year", report.carbon_kg_per_year}};
    if (report.share_of_total) {
      one["share_of_total"] = *report.share_of_total;
      one["weight"] = report.weight;
    }
    for (const auto& state : report.states)
      one["states"].push_back({{"name", state.name}, {"hours_per_day", state.hours_per_day}, {"power_w", state.power_w},
                               {"energy_kwh_per_year", state.kwh_per_year}, {"energy_usd_per_year", state.usd_per_year}});
    for (const auto& duty : report.duties)
      one["scenarios"].push_back({{"name", duty.name}, {"hours_per_year", duty.hours_per_year},
                                  {"inference_usd_per_year", duty.inference_usd_per_year},
                                  {"training_usd_per_year", duty.training_usd_per_year}});
    one["regions"] = OrderedJson::array();
    for (const auto& region : report.regions)
      one["regions"].push_back({{"region", region.tariff.region}, {"electricity_usd_per_kwh", region.tariff.usd_per_kwh},
                                {"energy_usd_per_year", region.usd_per_year}, {"source", region.tariff.source},
                                {"as_of", region.tariff.as_of}});
    one["inputs"] = json_inputs(report.inputs);
    one["uncertainty"] = json_exploration(report.exploration);
    results.push_back(std::move(one));
    notes.insert(notes.end(), report.notes.begin(), report.notes.end());
  }
  return cost_document("power", reports.empty() ? std::vector<Input>{} : reports[0].inputs, std::move(results), {}, nullptr, notes);
}

}  // namespace hardscape::cost
