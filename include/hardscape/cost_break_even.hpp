// Own or rent: from how many hours a year on owning is the cheaper of the two, for one device.
//
// A year has 8,760 hours; a break-even beyond that is "never" (+infinity) for one device, and 0 means that owning
// always wins. Amounts are US dollars of one device with its share of the system.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hardscape/cost.hpp"
#include "hardscape/cost_simulation.hpp"

namespace hardscape::cost {

// One value for every input; the names are the inputs' keys.
struct Terms {
  double price_usd = 0, life_years = 1, residual_fraction = 0, cost_of_capital = 0;
  double power_w = 0, idle_power_w = 0, standby_fraction = 0;
  double electricity_usd_per_kwh = 0, electricity_growth = 0, pue = 1;
  double maintenance_usd_per_year = 0, space_usd_per_year = 0, staff_usd_per_year = 0;
  double hours_per_year = 0;
  double cloud_usd_per_hour = 0, cloud_usd_per_year = 0;

  friend bool operator==(const Terms&, const Terms&) = default;
};

// What owning costs in one year of `hours` in use, by cause.
struct OwnCost {
  double capital = 0;            // interest and wear, less the resale value
  double energy = 0;             // at work
  double idle_energy = 0;
  double maintenance = 0, space = 0, staff = 0;
  double total() const { return capital + energy + idle_energy + maintenance + space + staff; }
};
OwnCost own_cost_per_year(const Terms& terms, double hours);
double cloud_cost_per_year(const Terms& terms, double hours);
// What an hour more of use adds to the cost of owning.
double own_cost_of_one_more_hour(const Terms& terms);
// +infinity above 8,760 or when no use is enough; 0 when owning is cheaper from the first hour on.
double break_even_hours(const Terms& terms);

// Keys of the inputs that the answer rests on, in the order in which they are shown.
const std::vector<std::string>& break_even_keys();

struct BreakEvenQuestion {
  std::string name;                   // of the device
  std::vector<Input> inputs;          // break_even_keys(), and the spot and reserved ones where known
  std::vector<RentalOffer> offers;    // to compare, one row each
  SimulationOptions simulation;
};

struct BreakEvenReport {
  struct Duty {
    std::string name;
    double hours = 0, cloud_usd = 0, own_usd = 0;
    double own_wins = 0;              // share of the draws
    bool own_is_cheaper() const { return own_usd < cloud_usd; }
  };
  // A yearly demand in device-hours, met by `owned` devices and the cloud for the rest.
  struct Demand {
    double hours = 0;
    double cloud_usd = 0;
    int owned = 0;                    // of the cheapest mix
    double rented_hours = 0;          // of the cheapest mix
    double best_usd = 0;
  };
  // On demand, reserved, spot: their price an hour of work, against owning. A reservation is paid whatever the use, so
  // owning beats it at any use (0), or not from any use on (+infinity).
  struct Rent {
    std::string term;
    double usd_per_hour = 0;
    double break_even_hours = 0;
    std::string remark;
  };
  struct Compared {
    RentalOffer offer;
    double break_even_hours = 0;
  };

  std::string name;
  std::vector<Input> inputs;
  Terms mid;                          // every input at its mid
  double hours = 0;                   // break-even at mid
  OwnCost own;                        // at mid.hours_per_year
  double cloud_usd = 0;               // at mid.hours_per_year
  double payback_months = 0;          // of the purchase, by not renting
  std::vector<Duty> duties;
  std::vector<Demand> demands;
  std::vector<Rent> rents;
  std::vector<Compared> offers;
  Exploration exploration;            // of the break-even hours; the first side is owning at hours_per_year
  std::vector<Flip> flips;
  std::vector<Note> notes;
};

// Errors: a key that is missing, an input out of its range, hours that are not a year's.
Result<BreakEvenReport> break_even(const BreakEvenQuestion& question);

// Document hardscape.cost/1.
std::string to_json(const BreakEvenReport& report);

// The two curves of cost over hours a year, as characters (`width` x `height` cells) and as an SVG drawing.
std::string plot_text(const BreakEvenReport& report, int width = 76, int height = 16);
std::string plot_svg(const BreakEvenReport& report);

}  // namespace hardscape::cost
