#include "hardscape/cost_worth_it.hpp"

#include <array>
#include <cmath>

#include "cost/binding.hpp"
#include "cost/cost_json.hpp"
#include "hardscape/cost_finance.hpp"

namespace hardscape::cost {
namespace {

using W = WorthItTerms;
constexpr std::array k_worth_it_fields{
    Field<W>{"price_a_usd", &W::price_a_usd},
    Field<W>{"price_b_usd", &W::price_b_usd},
    Field<W>{"training_hours_per_month", &W::training_hours_per_month, false},
    Field<W>{"inference_hours_per_month", &W::inference_hours_per_month, false},
    Field<W>{"training_speed_ratio", &W::training_speed_ratio},
    Field<W>{"inference_speed_ratio", &W::inference_speed_ratio},
    Field<W>{"training_wait_fraction", &W::training_wait_fraction, false},
    Field<W>{"inference_wait_fraction", &W::inference_wait_fraction, false},
    Field<W>{"time_usd_per_hour", &W::time_usd_per_hour},
    Field<W>{"training_power_a_w", &W::training_power_a_w},
    Field<W>{"training_power_b_w", &W::training_power_b_w},
    Field<W>{"inference_power_a_w", &W::inference_power_a_w},
    Field<W>{"inference_power_b_w", &W::inference_power_b_w},
    Field<W>{"electricity_usd_per_kwh", &W::electricity_usd_per_kwh},
    Field<W>{"pue", &W::pue, false},
    Field<W>{"life_years", &W::life_years},
};

double gain(const WorthItTerms& terms) {
  return monthly_saving(terms).total() * 12 * terms.life_years - (terms.price_b_usd - terms.price_a_usd);
}

}  // namespace

MonthlySaving monthly_saving(const WorthItTerms& t) {
  const double training_b = t.training_hours_per_month / t.training_speed_ratio;
  const double inference_b = t.inference_hours_per_month / t.inference_speed_ratio;
  MonthlySaving saving;
  saving.hours = (t.training_hours_per_month - training_b) * t.training_wait_fraction +
                 (t.inference_hours_per_month - inference_b) * t.inference_wait_fraction;
  saving.time_usd = saving.hours * t.time_usd_per_hour;
  const double kwh_a = (t.training_hours_per_month * t.training_power_a_w + t.inference_hours_per_month * t.inference_power_a_w) / 1000;
  const double kwh_b = (training_b * t.training_power_b_w + inference_b * t.inference_power_b_w) / 1000;
  saving.energy_usd = (kwh_a - kwh_b) * t.pue * t.electricity_usd_per_kwh;
  return saving;
}

double payback_of(const WorthItTerms& terms) {
  return payback_months(terms.price_b_usd - terms.price_a_usd, monthly_saving(terms).total());
}

Result<WorthItReport> worth_it(const WorthItQuestion& question) {
  auto bound = Binding<WorthItTerms>::make(k_worth_it_fields, question.inputs);
  if (!bound) return std::move(bound).error();
  const auto& binding = *bound;
  WorthItReport report;
  report.a = question.a;
  report.b = question.b;
  report.inputs = binding.inputs();
  report.mid = binding.mid();
  report.premium_usd = report.mid.price_b_usd - report.mid.price_a_usd;
  report.saving = monthly_saving(report.mid);
  report.payback_months = payback_of(report.mid);
  report.gain_usd = gain(report.mid);
  report.worth_it = report.gain_usd > 0;

  Question asked;
  asked.inputs = binding.inputs();
  asked.outcome = [&](std::span<const double> values) { return payback_of(binding(values)); };
  asked.advantage = [&](std::span<const double> values, double) { return gain(binding(values)); };
  auto exploration = explore(asked, question.simulation);
  if (!exploration) return std::move(exploration).error();
  report.exploration = *std::move(exploration);
  report.flips = find_flips(asked);
  if (report.premium_usd <= 0)
    report.notes.push_back({Severity::info, "no-premium", report.b + " costs no more than " + report.a + ".", {}});
  return report;
}

std::string to_json(const WorthItReport& report) {
  const OrderedJson result = {
      {"a", report.a}, {"b", report.b}, {"premium_usd", report.premium_usd},
      {"saved_hours_per_month", report.saving.hours}, {"saved_time_usd_per_month", report.saving.time_usd},
      {"saved_energy_usd_per_month", report.saving.energy_usd}, {"saved_usd_per_month", report.saving.total()},
      {"payback_months", json_number(report.payback_months)}, {"never", std::isinf(report.payback_months)},
      {"worth_it", report.worth_it}, {"gain_usd", report.gain_usd}};
  return cost_document("worth-it", report.inputs, OrderedJson::array({result}), report.flips, &report.exploration, report.notes);
}

}  // namespace hardscape::cost
