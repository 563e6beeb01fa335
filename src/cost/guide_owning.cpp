#include <fmt/format.h>

#include <cmath>

#include "cost/guide.hpp"
#include "hardscape/cost_break_even.hpp"

namespace hardscape::cost {
namespace {

Terms guide_terms(const Json& basis, const Json& device, double rate) {
  const Json& assumed = basis.at("assumptions");
  Terms terms;
  terms.price_usd = device.at("price_usd");
  terms.power_w = device.at("power_w");
  terms.cloud_usd_per_hour = device.at("cloud_usd_per_hour");
  terms.electricity_usd_per_kwh = rate;
  terms.pue = assumed.at("pue");
  terms.maintenance_usd_per_year = assumed.at("maintenance_usd_per_year");
  terms.life_years = assumed.at("life_years");
  return terms;
}

void add_rate(std::vector<GuideTable>& tables, const Json& basis, double rate) {
  GuideTable devices{fmt::format("Own or rent at ${:.2f}/kWh", rate),
                     {{"name", "GPU", 0, true}, {"cloud_usd_per_hour", "Cloud $/h", 2}, {"own_usd_per_hour", "Own $/h", 3},
                      {"break_even_hours_per_year", "Break-even h/year", 0}, {"power_usd_per_year", "Power $/year", 0}},
                     {}};
  GuideTable duties{fmt::format("RTX 4090 by use at ${:.2f}/kWh", rate),
                    {{"name", "Use", 0, true}, {"hours_per_year", "h/year", 0}, {"cloud_usd_per_year", "Cloud $/year", 0},
                     {"own_usd_per_year", "Own $/year", 0}, {"cheaper", "Cheaper", 0, true}, {"saves_usd_per_year", "Saves $/year", 0}},
                    {}};
  const auto add_device = [&](const Json& device, const std::string& name) {
    const Terms terms = guide_terms(basis, device, rate);
    devices.rows.push_back({name, terms.cloud_usd_per_hour,
                            own_cost_per_year(terms, k_hours_per_year).total() / k_hours_per_year,
                            break_even_hours(terms), terms.power_w / 1000 * k_hours_per_year * rate});
  };
  for (const Json& device : basis.at("devices")) {
    add_device(device, device.at("name"));
    if (device.contains("true_power_w")) {
      Json corrected = device;
      corrected["power_w"] = device.at("true_power_w");
      add_device(corrected, device.at("name").get<std::string>() + " (corrected)");
    }
    if (device.at("id") != basis.at("scenario_device")) continue;
    const Terms terms = guide_terms(basis, device, rate);
    for (const auto& scenario : scenarios()) {
      const double hours = scenario.hours_per_year;
      const double cloud = cloud_cost_per_year(terms, hours), own = own_cost_per_year(terms, hours).total();
      duties.rows.push_back({scenario.name, hours, cloud, own, own < cloud ? "own" : "cloud", std::fabs(cloud - own)});
    }
  }
  tables.push_back(std::move(devices));
  tables.push_back(std::move(duties));
}

}  // namespace

std::vector<GuideTable> guide_break_even(const Json& basis) {
  const Json& assumed = basis.at("assumptions");
  std::vector<GuideTable> tables;
  add_rate(tables, basis, assumed.at("electricity_usd_per_kwh"));
  add_rate(tables, basis, assumed.at("cheap_electricity_usd_per_kwh"));
  GuideTable owning{"Section 10, worked out",
                    {{"name", "Case", 0, true}, {"power_usd_per_year", "Power $", 0}, {"own_usd_per_year", "Own $/year", 0},
                     {"own_usd_per_hour", "Own $/h", 3}, {"printed_usd_per_year", "Printed $", 0},
                     {"break_even_hours_per_year", "Break-even h", 0}},
                    {}};
  const double years = assumed.at("life_years");
  for (const Json& row : basis.at("owning")) {
    const double power = row.contains("power_usd_per_year")
                             ? row.at("power_usd_per_year").get<double>()
                             : row.at("power_w").get<double>() / 1000 * k_hours_per_year * row.at("electricity_usd_per_kwh").get<double>();
    const double year = row.at("price_usd").get<double>() / years + power + row.at("other_usd_per_year").get<double>();
    // The section holds the power cost fixed whatever the hours, so its break-even is the whole year's cost over the rent.
    const double hours = year / row.at("cloud_usd_per_hour").get<double>();
    owning.rows.push_back({text_of(row, "name"), power, year, year / k_hours_per_year, row.at("printed_usd_per_year").get<double>(),
                           hours > k_hours_per_year ? INFINITY : hours});
  }
  tables.push_back(std::move(owning));
  return tables;
}

std::vector<GuideTable> guide_tco(const Json& basis) {
  const Json& assumed = basis.at("assumptions");
  const double rate = assumed.at("electricity_usd_per_kwh"), pue = assumed.at("pue");
  std::vector<GuideTable> tables;
  for (const char* life : {"life_years", "long_life_years"}) {
    const double years = assumed.at(life);
    GuideTable table{fmt::format("{:.0f} years, always on", years),
                     {{"name", "GPU", 0, true}, {"purchase_usd", "Purchase $", 0}, {"electricity_usd", "Electricity $", 0},
                      {"cooling_usd", "Cooling $", 0}, {"total_usd", "Total $", 0}, {"electricity_percent", "Share %", 0},
                      {"electricity_and_cooling_percent", "and cooling %", 0}},
                     {}};
    for (const Json& row : basis.at("tco")) {
      const double price = row.at("price_usd");
      const double energy = row.at("power_w").get<double>() / 1000 * k_hours_per_year * rate * years;
      const double cooling = energy * (pue - 1), total = price + energy + cooling;
      table.rows.push_back({text_of(row, "name"), price, energy, cooling, total, 100 * energy / total,
                            100 * (energy + cooling) / total});
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

std::vector<GuideTable> guide_per_tflop(const Json& basis) {
  const Json& assumed = basis.at("assumptions");
  const double rate = assumed.at("electricity_usd_per_kwh"), pue = assumed.at("pue"), years = assumed.at("life_years");
  GuideTable bought{"Bought, per dense FP16 TFLOP",
                    {{"name", "GPU", 0, true}, {"purchase_usd_per_tflop", "Purchase $", 2}, {"always_on_usd_per_tflop", "3 years 24/7 $", 2},
                     {"always_on_with_pue_usd_per_tflop", "with PUE 1.3 $", 2}, {"eight_hours_usd_per_tflop", "3 years 8 h/day $", 2}},
                    {}};
  for (const Json& row : basis.at("per_tflop")) {
    const double price = row.at("price_usd"), tflops = row.at("fp16_tflops");
    const double energy = row.at("power_w").get<double>() / 1000 * k_hours_per_year * rate * years;
    bought.rows.push_back({text_of(row, "name"), price / tflops, (price + energy) / tflops, (price + energy * pue) / tflops,
                           (price + energy / 3) / tflops});
  }
  GuideTable rented{"Bought or rented, per dense FP16 TFLOP",
                    {{"name", "GPU", 0, true}, {"purchase_usd_per_tflop", "Purchase $", 2}, {"cloud_usd_per_hour", "Cloud $/h", 2},
                     {"cloud_usd_per_tflop_hour", "Cloud $/TFLOP-h", 4}},
                    {}};
  for (const Json& row : basis.at("per_tflop_rented")) {
    const double tflops = row.at("fp16_tflops"), rent = row.at("cloud_usd_per_hour");
    rented.rows.push_back({text_of(row, "name"), row.at("price_usd").get<double>() / tflops, rent, rent / tflops});
  }
  return {bought, rented};
}

}  // namespace hardscape::cost
