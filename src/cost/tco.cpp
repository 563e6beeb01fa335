#include "hardscape/cost_tco.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cost/binding.hpp"
#include "cost/data_file.hpp"
#include "hardscape/cost_finance.hpp"

namespace hardscape::cost {
namespace {

using B = BuildTerms;
constexpr std::array k_build_fields{
    Field<B>{"price_usd", &B::price_usd},
    Field<B>{"host_usd", &B::host_usd},
    Field<B>{"psu_usd_per_w", &B::psu_usd_per_w},
    Field<B>{"network_usd", &B::network_usd, false},
    Field<B>{"cooling_usd", &B::cooling_usd, false},
    Field<B>{"power_w", &B::power_w},
    Field<B>{"host_power_w", &B::host_power_w},
    Field<B>{"idle_power_w", &B::idle_power_w, false},
    Field<B>{"draw_fraction", &B::draw_fraction, false},
    Field<B>{"standby_fraction", &B::standby_fraction, false},
    Field<B>{"hours_per_year", &B::hours_per_year},
    Field<B>{"electricity_usd_per_kwh", &B::electricity_usd_per_kwh},
    Field<B>{"electricity_growth", &B::electricity_growth, false},
    Field<B>{"pue", &B::pue},
    Field<B>{"maintenance_usd_per_year", &B::maintenance_usd_per_year, false},
    Field<B>{"space_usd_per_year", &B::space_usd_per_year, false},
    Field<B>{"staff_usd_per_year", &B::staff_usd_per_year, false},
    Field<B>{"life_years", &B::life_years},
    Field<B>{"residual_fraction", &B::residual_fraction, false},
    Field<B>{"cost_of_capital", &B::cost_of_capital, false},
};

struct Supplies {
  std::vector<double> ratings;
  double highest_load = 1;
  struct Circuit {
    std::string name;
    double continuous_w = 0;
  };
  std::vector<Circuit> circuits;
};

const Supplies& supplies() {
  static const Supplies k_supplies = [] {
    const auto json = data_file("cost/power_supplies.json");
    std::optional<Error> failure;
    const JsonReader reader(json.root(), "", failure);
    Supplies read;
    if (const auto ratings = json.root().find("ratings_w"))
      for (const auto rating : ratings->elements()) read.ratings.push_back(rating.number());
    read.highest_load = reader.number("highest_load").value_or(1);
    for (const auto& row : reader.array("circuits"))
      read.circuits.push_back({row.need_text("name"), row.need_number("continuous_w")});
    return read;
  }();
  return k_supplies;
}

double sustained_w(const BuildTerms& terms, const Build& build) {
  return (build.devices * terms.power_w + build.hosts() * terms.host_power_w) * terms.draw_fraction;
}

// Today's worth of paying 1 a year for `years`, each at its end; a part of a year counts by its part.
double worth_of_payments(const BuildTerms& terms, double years, double growth) {
  double worth = 0, grown = 1, discount = 1;
  for (int year = 1; year < years + 1; ++year) {
    const double share = std::min(1.0, years - (year - 1));
    discount *= share < 1 ? std::pow(1 + terms.cost_of_capital, share) : 1 + terms.cost_of_capital;
    worth += share * grown / discount;
    grown *= 1 + growth;
  }
  return worth;
}

void add_circuit_note(TcoReport& report) {
  const double wall = report.supply.peak_w;
  const Supplies::Circuit* enough = nullptr;
  for (const auto& circuit : supplies().circuits)
    if (enough == nullptr && circuit.continuous_w >= wall) enough = &circuit;
  const auto& first = supplies().circuits;
  if (first.empty() || first[0].continuous_w >= wall) return;
  report.notes.push_back({Severity::warning, "circuit",
                          fmt::format("Each host may draw {} at once; a {} circuit carries {} continuously.", show("w", wall),
                                      first[0].name, show("w", first[0].continuous_w)),
                          enough == nullptr ? "Plan more than one circuit, or limit the devices' power."
                                            : "A " + enough->name + " circuit is enough."});
}

}  // namespace

PowerSupply size_power_supply(const BuildTerms& terms, const Build& build) {
  const auto& known = supplies();
  PowerSupply supply;
  supply.peak_w = std::min(build.devices, build.devices_per_host) * terms.power_w + terms.host_power_w;
  const double needed = supply.peak_w / known.highest_load;
  if (known.ratings.empty()) return supply;
  supply.count = static_cast<int>(std::ceil(needed / known.ratings.back()));
  supply.rating_w = *std::find_if(known.ratings.begin(), known.ratings.end() - 1,
                                  [&](double rating) { return rating * supply.count >= needed; });
  return supply;
}

TotalCost total_cost(const BuildTerms& terms, const Build& build, double years) {
  const PowerSupply supply = size_power_supply(terms, build);
  const double devices = build.devices, hosts = build.hosts();
  TotalCost cost;
  cost.years = years;
  cost.devices = devices * terms.price_usd;
  cost.hosts = hosts * terms.host_usd;
  cost.power_supplies = hosts * supply.count * supply.rating_w * terms.psu_usd_per_w;
  cost.network = devices * terms.network_usd;
  cost.cooling_hardware = devices * terms.cooling_usd;
  const double idle_hours = terms.standby_fraction * (k_hours_per_year - terms.hours_per_year);
  const double kwh = annual_kwh(sustained_w(terms, build), terms.hours_per_year, devices * terms.idle_power_w, idle_hours, 1);
  cost.energy = kwh * terms.electricity_usd_per_kwh * worth_of_payments(terms, years, terms.electricity_growth);
  cost.cooling_energy = cost.energy * (terms.pue - 1);
  const double flat = worth_of_payments(terms, years, 0);
  cost.maintenance = devices * terms.maintenance_usd_per_year * flat;
  cost.space = devices * terms.space_usd_per_year * flat;
  cost.staff = devices * terms.staff_usd_per_year * flat;
  // Value falls by the same share each year and stands at the residual at the end of the life.
  cost.resale = cost.purchase() * std::pow(terms.residual_fraction, years / terms.life_years) / std::pow(1 + terms.cost_of_capital, years);
  return cost;
}

double usd_per_useful_hour(const BuildTerms& terms, const Build& build, double years) {
  const double a_year = total_cost(terms, build, years).total() / worth_of_payments(terms, years, 0);
  return a_year / (terms.hours_per_year * build.devices);
}

Result<TcoReport> tco(const TcoQuestion& question) {
  const Build& build = question.build;
  constexpr int k_most_devices = 100000;
  if (build.devices < 1 || build.devices > k_most_devices)
    return Error{ErrorCode::invalid_argument, fmt::format("--count: {} is out of bounds; allowed is 1 to {}", build.devices, k_most_devices)};
  if (build.devices_per_host < 1 || build.devices_per_host > 128)
    return Error{ErrorCode::invalid_argument, fmt::format("--per-host: {} is out of bounds; allowed is 1 to 128", build.devices_per_host)};
  for (const double years : question.years)
    if (!(years >= 0.25 && years <= 20))
      return Error{ErrorCode::invalid_argument, fmt::format("--years: {:g} is out of bounds; allowed is 0.25 to 20", years)};
  auto bound = Binding<BuildTerms>::make(k_build_fields, question.inputs);
  if (!bound) return std::move(bound).error();
  const auto& binding = *bound;

  TcoReport report;
  report.name = question.name;
  report.build = build;
  report.inputs = binding.inputs();
  report.mid = binding.mid();
  report.supply = size_power_supply(report.mid, build);
  report.sustained_w = sustained_w(report.mid, build);
  Question asked;
  asked.inputs = binding.inputs();
  std::vector<Figure> totals;
  for (const double years : question.years)
    totals.emplace_back([&, years](std::span<const double> values) { return total_cost(binding(values), build, years).total(); });
  auto explorations = explore_each(asked, totals, question.simulation);
  if (!explorations) return std::move(explorations).error();
  for (std::size_t i = 0; i < totals.size(); ++i) {
    const double years = question.years[i];
    TcoReport::Span span;
    span.cost = total_cost(report.mid, build, years);
    span.electricity_share = (span.cost.energy + span.cost.cooling_energy) / (span.cost.total() + span.cost.resale);
    if (report.mid.hours_per_year > 0) span.usd_per_useful_hour = usd_per_useful_hour(report.mid, build, years);
    span.exploration = std::move((*explorations)[i]);
    report.spans.push_back(std::move(span));
  }
  add_circuit_note(report);
  return report;
}

}  // namespace hardscape::cost
