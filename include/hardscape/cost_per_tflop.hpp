// What a unit of ability costs: a dense TFLOP at one precision, a GB of memory, a GB/s, a token a second.
//
// Precisions are never mixed: a device that lacks the asked one is left out with the reason, not given another's rate.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hardscape/cost.hpp"
#include "hardscape/cost_simulation.hpp"

namespace hardscape::cost {

// Tokens a second of a named model on a device; nothing when it does not fit or nobody can tell.
using SpeedOf = std::function<std::optional<Estimate>(const std::string& device_id)>;

struct PerTflopQuestion {
  std::vector<PricedDevice> devices;
  std::string precision = "fp16";      // fp64 fp32 fp16 bf16 fp8 fp4 int8
  std::string sort = "effective";      // purchase, effective, cloud, memory, bandwidth, token
  std::vector<Input> inputs;           // hours_per_year, life_years, electricity_usd_per_kwh, pue
  SpeedOf speed;                       // empty: no column of tokens
  std::string model;                   // that `speed` is of
  SimulationOptions simulation;
};

struct PerTflopReport {
  struct Row {
    std::string id, name;
    Input price;                                     // of the bare device
    double tflops = 0;                               // dense, of the precision (TOPS for int8)
    double purchase_usd_per_tflop = 0;
    std::optional<double> effective_usd_per_tflop;   // with its electricity over the life; nothing without a power rating
    std::optional<double> cloud_usd_per_tflop_hour;  // cheapest offer
    std::string cloud_provider, cloud_as_of;
    std::optional<double> usd_per_gb, usd_per_gb_per_s, usd_per_token_per_s;
  };
  struct Left {
    std::string name, reason;
  };
  std::string precision, sort, model;
  std::vector<Input> inputs;
  std::vector<Row> rows;                             // cheapest first
  std::vector<Left> left_out;
  std::optional<Exploration> exploration;            // of the first row; it wins when no other is cheaper
  std::vector<Flip> flips;                           // of the first row's price and the common inputs
  std::vector<Note> notes;
};

const std::vector<std::string>& precisions();
Result<PerTflopReport> per_tflop(const PerTflopQuestion& question);
std::string to_json(const PerTflopReport& report);

}  // namespace hardscape::cost
