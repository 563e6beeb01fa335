#include <fmt/format.h>

#include <array>
#include <cmath>

#include "cost/guide.hpp"
#include "hardscape/cost_finance.hpp"

namespace hardscape::cost {
namespace {

double year_usd(double power_w, double hours_per_day, double rate, double pue = 1) {
  return annual_kwh(power_w, hours_per_day * 365, 0, 0, pue) * rate;
}

}  // namespace

std::vector<GuideTable> guide_power(const Json& basis) {
  const Json& assumed = basis.at("assumptions");
  const double rate = assumed.at("electricity_usd_per_kwh"), pue = assumed.at("pue");
  std::vector<GuideTable> tables;
  for (const char* key : {"electricity_usd_per_kwh", "cheap_industrial_usd_per_kwh"}) {
    const double here = assumed.at(key);
    GuideTable table{fmt::format("$ a year at ${:.2f}/kWh", here),
                     {{"name", "Hardware", 0, true}, {"two_hours_usd_per_year", "2 h/day", 0},
                      {"eight_hours_usd_per_year", "8 h/day", 0}, {"always_on_usd_per_year", "24/7", 0}},
                     {}};
    for (const Json& load : basis.at("loads")) {
      const double watts = load.at("power_w");
      table.rows.push_back({text_of(load, "name"), year_usd(watts, 2, here), year_usd(watts, 8, here), year_usd(watts, 24, here)});
    }
    tables.push_back(std::move(table));
  }
  GuideTable draws{"Draw and cost of inference",
                   {{"name", "GPU", 0, true}, {"idle_power_w", "Idle W", 0}, {"inference_power_w", "Inference W", 0},
                    {"training_power_w", "Training W", 0}, {"always_on_usd_per_year", "24/7 $/year", 0},
                    {"eight_hours_usd_per_year", "8 h/day $/year", 0}},
                   {}};
  for (const Json& row : basis.at("draws")) {
    const double watts = row.at("inference_power_w");
    draws.rows.push_back({text_of(row, "name"), row.at("idle_power_w").get<double>(), watts, row.at("training_power_w").get<double>(),
                          year_usd(watts, 24, rate), year_usd(watts, 8, rate)});
  }
  tables.push_back(std::move(draws));
  GuideTable matters{"When power matters, 3 years",
                     {{"name", "Case", 0, true}, {"purchase_usd", "Hardware $", 0}, {"electricity_usd", "Electricity $", 0},
                      {"electricity_percent", "Electricity %", 1}, {"printed", "Guide's rule", 0, true}},
                     {}};
  for (const Json& row : basis.at("power_matters")) {
    const double energy = 3 * year_usd(row.at("power_w"), row.at("hours_per_day"), row.at("electricity_usd_per_kwh"), pue);
    const double price = row.at("price_usd");
    matters.rows.push_back({text_of(row, "name"), price, energy, energy / (price + energy) * 100, text_of(row, "printed")});
  }
  tables.push_back(std::move(matters));
  return tables;
}

std::vector<GuideTable> guide_worth_it(const Json& basis) {
  const Json& w = basis.at("worth_it");
  const double rate = basis.at("assumptions").at("electricity_usd_per_kwh");
  GuideTable table{"RTX 4090 over RTX 4070, h/month",
                   {{"training_hours_per_month", "Training", 0}, {"inference_hours_per_month", "Inference", 0},
                    {"saved_time_usd_per_month", "Time $/month", 2}, {"extra_power_usd_per_month", "Power $/month", 2},
                    {"payback_months", "Payback months", 2}, {"worth_it", "Worth it", 0, true}},
                   {}};
  const double premium = w.at("price_b_usd").get<double>() - w.at("price_a_usd").get<double>();
  const double extra_w = w.at("inference_power_b_w").get<double>() - w.at("inference_power_a_w").get<double>();
  for (const Json& example : w.at("examples")) {
    const double training = example.at("training_hours_per_month"), inference = example.at("inference_hours_per_month");
    const double time = training * w.at("time_saved_fraction").get<double>() * w.at("time_usd_per_hour").get<double>();
    const double power = extra_w / 1000 * inference * rate;
    const double months = payback_months(premium, time - power);
    table.rows.push_back({training, inference, time, power, months, months <= w.at("useful_months").get<double>() ? "yes" : "no"});
  }
  return {table};
}

std::vector<GuideTable> guide_tokens(const Json& basis) {
  const Json& s = basis.at("serving");
  const double hours = s.at("days").get<double>() * 24, rent = s.at("cloud_usd_per_hour");
  const double a_month = s.at("requests_per_month"), a_second = s.at("requests_per_s");
  const double share = a_second / s.at("requests_per_s_per_device").get<double>();
  GuideTable table{"Section 10, one A100 at $2/h",
                   {{"name", "Load", 0, true}, {"requests_per_s", "Requests/s", 3}, {"requests_per_month", "Requests/month", 0},
                    {"usd_per_month", "$/month", 0}},
                   {}};
  table.rows.push_back({"1 million a month, device kept on", a_month / (hours * 3600), a_month, hours * rent});
  table.rows.push_back({"10 a second, device kept on", a_second, a_second * hours * 3600, hours * rent});
  table.rows.push_back({"10 a second, a twentieth of a device", a_second, a_second * hours * 3600, hours * rent * share});
  return {table};
}

}  // namespace hardscape::cost
