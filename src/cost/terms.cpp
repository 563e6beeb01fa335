#include "cost/terms.hpp"

#include <array>
#include <limits>

#include "hardscape/cost_finance.hpp"

namespace hardscape::cost {
namespace {

constexpr std::array k_terms_fields{
    Field<Terms>{"price_usd", &Terms::price_usd},
    Field<Terms>{"cloud_usd_per_hour", &Terms::cloud_usd_per_hour},
    Field<Terms>{"hours_per_year", &Terms::hours_per_year},
    Field<Terms>{"life_years", &Terms::life_years},
    Field<Terms>{"residual_fraction", &Terms::residual_fraction},
    Field<Terms>{"cost_of_capital", &Terms::cost_of_capital},
    Field<Terms>{"power_w", &Terms::power_w},
    Field<Terms>{"idle_power_w", &Terms::idle_power_w, false},
    Field<Terms>{"standby_fraction", &Terms::standby_fraction, false},
    Field<Terms>{"electricity_usd_per_kwh", &Terms::electricity_usd_per_kwh},
    Field<Terms>{"electricity_growth", &Terms::electricity_growth, false},
    Field<Terms>{"pue", &Terms::pue},
    Field<Terms>{"maintenance_usd_per_year", &Terms::maintenance_usd_per_year, false},
    Field<Terms>{"space_usd_per_year", &Terms::space_usd_per_year, false},
    Field<Terms>{"staff_usd_per_year", &Terms::staff_usd_per_year, false},
    Field<Terms>{"cloud_usd_per_year", &Terms::cloud_usd_per_year, false},
};

double electricity_price(const Terms& terms) {
  return mean_of_growing(terms.electricity_usd_per_kwh, terms.electricity_growth, terms.life_years);
}

}  // namespace

std::span<const Field<Terms>> terms_fields() { return k_terms_fields; }

const std::vector<std::string>& break_even_keys() {
  static const auto k_keys = [] {
    std::vector<std::string> keys;
    for (const auto& field : k_terms_fields) keys.emplace_back(field.key);
    return keys;
  }();
  return k_keys;
}

OwnCost own_cost_per_year(const Terms& terms, double hours) {
  const double price = electricity_price(terms);
  const double idle_hours = terms.standby_fraction * (k_hours_per_year - hours);
  OwnCost cost;
  cost.capital = annual_capital_cost(terms.price_usd, terms.residual_fraction, terms.cost_of_capital, terms.life_years);
  cost.energy = annual_kwh(terms.power_w, hours, 0, 0, terms.pue) * price;
  cost.idle_energy = annual_kwh(0, 0, terms.idle_power_w, idle_hours, terms.pue) * price;
  cost.maintenance = terms.maintenance_usd_per_year;
  cost.space = terms.space_usd_per_year;
  cost.staff = terms.staff_usd_per_year;
  return cost;
}

double cloud_cost_per_year(const Terms& terms, double hours) {
  return terms.cloud_usd_per_hour * hours + terms.cloud_usd_per_year;
}

double own_cost_of_one_more_hour(const Terms& terms) {
  const double extra_w = terms.power_w - terms.idle_power_w * terms.standby_fraction;
  return extra_w / 1000 * terms.pue * electricity_price(terms);
}

double break_even_hours(const Terms& terms) {
  const double fixed = own_cost_per_year(terms, 0).total() - terms.cloud_usd_per_year;
  const double saved_per_hour = terms.cloud_usd_per_hour - own_cost_of_one_more_hour(terms);
  if (fixed <= 0 && saved_per_hour >= 0) return 0;
  if (saved_per_hour <= 0) return std::numeric_limits<double>::infinity();
  const double hours = fixed / saved_per_hour;
  return hours > k_hours_per_year ? std::numeric_limits<double>::infinity() : hours;
}

}  // namespace hardscape::cost
