// Is B worth its premium over A: in how many months the time it saves pays for the difference.
#pragma once

#include <string>
#include <vector>

#include "hardscape/cost.hpp"
#include "hardscape/cost_simulation.hpp"

namespace hardscape::cost {

// Hours are those the work takes on A. B does the same work in hours/ratio, at its own draw.
struct WorthItTerms {
  double price_a_usd = 0, price_b_usd = 0;
  double training_hours_per_month = 0, inference_hours_per_month = 0;
  double training_speed_ratio = 1, inference_speed_ratio = 1;      // B over A
  double training_wait_fraction = 1, inference_wait_fraction = 0;  // of the time, that somebody waits for it
  double time_usd_per_hour = 0;
  double training_power_a_w = 0, training_power_b_w = 0, inference_power_a_w = 0, inference_power_b_w = 0;
  double electricity_usd_per_kwh = 0, pue = 1;
  double life_years = 1;
};

struct MonthlySaving {
  double hours = 0;             // waited less
  double time_usd = 0;
  double energy_usd = 0;        // below 0: B uses more
  double total() const { return time_usd + energy_usd; }
};
MonthlySaving monthly_saving(const WorthItTerms& terms);
// 0 when B costs no more than A; +infinity when nothing is saved.
double payback_of(const WorthItTerms& terms);

struct WorthItQuestion {
  std::string a, b;
  std::vector<Input> inputs;
  SimulationOptions simulation;
};

struct WorthItReport {
  std::string a, b;
  std::vector<Input> inputs;
  WorthItTerms mid;
  double premium_usd = 0;
  MonthlySaving saving;
  double payback_months = 0;       // +infinity: never
  bool worth_it = false;           // paid back within the life
  double gain_usd = 0;             // over the life: savings less the premium
  Exploration exploration;         // of the months; the first side is B
  std::vector<Flip> flips;
  std::vector<Note> notes;
};

Result<WorthItReport> worth_it(const WorthItQuestion& question);
std::string to_json(const WorthItReport& report);

}  // namespace hardscape::cost
