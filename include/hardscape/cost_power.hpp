// What a machine's electricity costs in a year of idling, inference and training, and what it emits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hardscape/cost.hpp"
#include "hardscape/cost_simulation.hpp"

namespace hardscape::cost {

// Hours a day in each state (together at most 24; the rest is off) and the draw in each.
struct PowerTerms {
  double idle_hours_per_day = 0, inference_hours_per_day = 0, training_hours_per_day = 0;
  double idle_power_w = 0, inference_power_w = 0, training_power_w = 0;
  double electricity_usd_per_kwh = 0, pue = 1, carbon_g_per_kwh = 0;
  double price_usd = 0, life_years = 1;   // to weigh the electricity against the purchase; price 0: not asked
};

// Hours a day in each state that people recognise. Rows of data/cost/usage_mixes.json.
struct UsageMix {
  std::string id, name;
  std::vector<Input> inputs;              // the three hours_per_day
};
const std::vector<UsageMix>& usage_mixes();

double power_kwh_per_year(const PowerTerms& terms);

// Where electricity costs what, for the same use: one row a region.
struct Tariff {
  std::string region;
  double usd_per_kwh = 0;
  std::string source, as_of;
};

struct PowerQuestion {
  std::string name;
  std::vector<Input> inputs;              // keys of PowerTerms; draw and price may be missing
  std::vector<Tariff> tariffs;
  SimulationOptions simulation;
};

struct PowerReport {
  struct State {
    std::string name;
    double hours_per_day = 0, power_w = 0, kwh_per_year = 0, usd_per_year = 0;
  };
  struct Duty {
    std::string name;
    double hours_per_year = 0;
    double inference_usd_per_year = 0, training_usd_per_year = 0;
  };
  struct Region {
    Tariff tariff;
    double usd_per_year = 0;
  };
  std::string name;
  std::vector<Input> inputs;
  std::vector<State> states;              // without the facility's share
  double kwh_per_year = 0, usd_per_year = 0, cooling_usd_per_year = 0;   // with it; the share itself
  double carbon_kg_per_year = 0;
  std::optional<double> share_of_total;   // electricity over electricity and purchase, in the life
  std::string weight;                     // "minor" below 15 %, "significant", "major" above 30 %; empty: no price
  std::vector<Duty> duties;
  std::vector<Region> regions;
  Exploration exploration;                // of the dollars a year
  std::vector<Note> notes;
};

// Errors: a missing draw or price of electricity, more than 24 hours a day.
Result<PowerReport> power(const PowerQuestion& question);
std::string to_json(const std::vector<PowerReport>& reports);

}  // namespace hardscape::cost
