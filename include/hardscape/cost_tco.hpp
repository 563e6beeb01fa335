// What a machine made of parts costs over its years, split by cause.
//
// Present values: what comes in year y is divided by (1+r)^y, energy by the middle of its year's end; resale is
// subtracted. `host_usd`, `host_power_w` and the power supply are per host, everything else per device.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hardscape/cost.hpp"
#include "hardscape/cost_simulation.hpp"

namespace hardscape::cost {

struct BuildTerms {
  double price_usd = 0, host_usd = 0, psu_usd_per_w = 0, network_usd = 0, cooling_usd = 0;
  double power_w = 0, host_power_w = 0, idle_power_w = 0, draw_fraction = 1, standby_fraction = 0;
  double hours_per_year = 0;
  double electricity_usd_per_kwh = 0, electricity_growth = 0, pue = 1;
  double maintenance_usd_per_year = 0, space_usd_per_year = 0, staff_usd_per_year = 0;
  double life_years = 1, residual_fraction = 0, cost_of_capital = 0;
};

struct Build {
  int devices = 1;
  int devices_per_host = 4;
  int hosts() const { return (devices + devices_per_host - 1) / devices_per_host; }
};

// The smallest standard rating whose highest lasting load carries the draw; several supplies above the largest.
struct PowerSupply {
  double peak_w = 0;        // ratings of one host and its devices together
  double rating_w = 0;      // of each supply
  int count = 0;            // of each host
};
PowerSupply size_power_supply(const BuildTerms& terms, const Build& build);

struct TotalCost {
  double years = 0;
  double devices = 0, hosts = 0, power_supplies = 0, network = 0, cooling_hardware = 0;
  double energy = 0, cooling_energy = 0;
  double maintenance = 0, space = 0, staff = 0;
  double resale = 0;                                // taken off
  double purchase() const { return devices + hosts + power_supplies + network + cooling_hardware; }
  double total() const { return purchase() + energy + cooling_energy + maintenance + space + staff - resale; }
};
TotalCost total_cost(const BuildTerms& terms, const Build& build, double years);
// The total as equal yearly payments, over the hours of use of all devices: $ per device-hour.
double usd_per_useful_hour(const BuildTerms& terms, const Build& build, double years);

struct TcoQuestion {
  std::string name;
  Build build;
  std::vector<double> years{1, 3, 5};
  std::vector<Input> inputs;
  SimulationOptions simulation;
};

struct TcoReport {
  struct Span {
    TotalCost cost;
    double electricity_share = 0;                   // energy and cooling energy over all that is paid
    std::optional<double> usd_per_useful_hour;      // nothing when it is never used
    Exploration exploration;                        // of the total
  };
  std::string name;
  Build build;
  std::vector<Input> inputs;
  BuildTerms mid;
  PowerSupply supply;
  double sustained_w = 0;                           // of the whole build, at the wall of the room
  std::vector<Span> spans;
  std::vector<Note> notes;
};

Result<TcoReport> tco(const TcoQuestion& question);
std::string to_json(const TcoReport& report);

}  // namespace hardscape::cost
