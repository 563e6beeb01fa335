#include "hardscape/cost_finance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hardscape::cost {

double annuity_factor(double rate, double years) {
  // expm1 keeps its digits where (1+r)^-n is near 1.
  return rate == 0 ? years : -std::expm1(-years * std::log1p(rate)) / rate;
}

double capital_recovery_factor(double rate, double years) { return 1 / annuity_factor(rate, years); }

double annual_capital_cost(double price, double residual_fraction, double rate, double years) {
  const double recovery = capital_recovery_factor(rate, years);
  return price * recovery - price * residual_fraction * (recovery - rate);
}

double annual_kwh(double power_w, double hours, double idle_power_w, double idle_hours, double pue) {
  return (power_w * hours + idle_power_w * idle_hours) / 1000 * pue;
}

double mean_of_growing(double price, double growth, double years) {
  if (growth == 0) return price;
  const double log_growth = std::log1p(growth);
  return price * std::expm1(years * log_growth) / (log_growth * years);
}

double effective_spot_price(double spot_usd_per_hour, double interruptions_per_hour, double checkpoint_hours,
                            double restart_hours, double availability) {
  return spot_usd_per_hour * (1 + interruptions_per_hour * (checkpoint_hours / 2 + restart_hours)) / availability;
}

double reserved_worth_above(double reserved_usd_per_hour, double on_demand_usd_per_hour) {
  return reserved_usd_per_hour / on_demand_usd_per_hour;
}

double payback_months(double cost, double saving_per_month) {
  if (cost <= 0) return 0;
  if (saving_per_month <= 0) return std::numeric_limits<double>::infinity();
  return cost / saving_per_month;
}

double usd_per_million_tokens(double usd_per_hour, double tokens_per_s, double utilisation) {
  return usd_per_hour * 1e6 / (3600 * tokens_per_s * utilisation);
}

double straight_line(double price, double salvage, double years) { return (price - salvage) / years; }

double double_declining(double price, double salvage, double years, int year) {
  double book = price;
  double lost = 0;
  for (int n = 1; n <= year; ++n) {
    lost = std::min(book * 2 / years, book - salvage);
    book -= lost;
  }
  return lost;
}

}  // namespace hardscape::cost
