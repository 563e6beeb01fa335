// The arithmetic of owning, renting and energy, on plain numbers. Sources: docs/models.md, section Cost.
//
// Rates are fractions (0.08), times in years or hours as named, money in US dollars. Arguments are trusted to be within
// the rules of data/cost/inputs.json; nothing here clamps.
#pragma once

namespace hardscape::cost {

// r(1+r)^n/((1+r)^n-1): what one dollar of debt costs each year for n years; 1/n at r = 0.
double capital_recovery_factor(double rate, double years);
// What a dollar each year for n years is worth today: 1/CRF.
double annuity_factor(double rate, double years);
// Price times CRF, less the part of the resale value that a sinking fund of n years pays back. $/year.
double annual_capital_cost(double price, double residual_fraction, double rate, double years);

// kWh a year of a device that works `hours` and idles `idle_hours`, with the facility's share.
double annual_kwh(double power_w, double hours, double idle_power_w, double idle_hours, double pue);
// One year's mean of a price that rises by `growth` a year, over the first n years, each year weighted alike.
double mean_of_growing(double price, double growth, double years);

// p_spot * (1 + interruptions * (checkpoint/2 + restart)) / availability: $ per hour of work that survives.
double effective_spot_price(double spot_usd_per_hour, double interruptions_per_hour, double checkpoint_hours,
                            double restart_hours, double availability);
// The utilisation above which a commitment paid for every hour beats on-demand: p_reserved/p_on_demand.
double reserved_worth_above(double reserved_usd_per_hour, double on_demand_usd_per_hour);

// Months until `cost` is earned back at `saving_per_month`; +infinity ("never") when nothing is saved, 0 when nothing
// is spent.
double payback_months(double cost, double saving_per_month);

// $ per million tokens at `usd_per_hour` of paid time and `tokens_per_s` during the share `utilisation` of it.
double usd_per_million_tokens(double usd_per_hour, double tokens_per_s, double utilisation);

// Book value lost in year `year` (from 1): straight line and double declining balance. Not the economic life.
double straight_line(double price, double salvage, double years);
double double_declining(double price, double salvage, double years, int year);

}  // namespace hardscape::cost
