// The words of the cost engine: inputs as ranges, each with its allowed range, its source and its date.
//
// Everything here is pure: no catalogue, no clock, no files. US dollars throughout; an amount a year is named so.
// Formulas and their sources: docs/models.md, section Cost. Plain values, safe to use from any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/machine.hpp"
#include "hardscape/provenance.hpp"
#include "hardscape/result.hpp"

namespace hardscape::cost {

inline constexpr double k_hours_per_year = 8760;
inline constexpr double k_hours_per_month = 730;

// How the values of a range are spread: over all of it alike, around its mid, or over its whole numbers.
enum class Spread { fixed, uniform, triangular, whole };
std::string_view to_string(Spread spread);

// What an input is, how it is written and what it may be. Rows of data/cost/inputs.json.
struct InputRule {
  std::string key;      // as in the JSON documents: "electricity_usd_per_kwh"
  std::string option;   // as on the command line, without dashes: "rate"
  std::string label;
  std::string unit;     // "usd", "usd_per_kwh", "fraction", "w", "hours_per_year" ...
  double least = 0;
  double most = 0;
};
const std::vector<InputRule>& input_rules();
const InputRule* find_rule(std::string_view key);

struct Input {
  std::string key;
  double low = 0;
  double mid = 0;
  double high = 0;
  Spread spread = Spread::fixed;
  Source source;
  bool stale = false;   // a price older than the age the caller allows

  friend bool operator==(const Input&, const Input&) = default;
};

// "1500", "$1400..1800" (any value alike), "1400..1500..1800" (most likely the middle one), "3..5 whole"
// (3, 4 or 5), "70%", "0.7 kW".
// Errors: not a number, an empty range, outside [least, most], another currency or unit. Never clamps.
Result<Input> parse_input(const InputRule& rule, std::string_view text, std::string_view option = {});
Input fixed_input(std::string_view key, double value, Source source);
Input range_input(std::string_view key, double low, double mid, double high, Source source);
// Within the rule's range, finite, low <= mid <= high; the error names the option and the allowed range.
Status check_input(const Input& input);
// The same against a narrower range that `why` explains ("an H200 is rated 700 W").
Status check_within(const Input& input, double least, double most, std::string_view why);

// A value with its unit as people write it: "$1,500", "0.150 $/kWh", "70 %".
std::string show(std::string_view unit, double value);

const Input* find_input(std::span<const Input> inputs, std::string_view key);
// Adds the input, or replaces the one of its key.
void put(std::vector<Input>& inputs, Input input);

// Assumptions that hold where no better is known: a desk at home, a data centre. Rows of data/cost/places.json.
// `price_factor` and `power_factor` turn a bare device's price and rating into a system's share.
struct Place {
  std::string id;              // "home", "datacenter"
  std::string name;
  std::string tariff;          // "residential", "commercial": the customer class of electricity tariffs
  std::vector<Input> inputs;   // absolute
  struct Scaled {
    std::string key;           // the input that comes out
    std::string of;            // the input it is a multiple of: "price_usd", "power_w"
    double low = 0, mid = 0, high = 0;
    Source source;
  };
  std::vector<Scaled> scaled;
};
const std::vector<Place>& places();
const Place* find_place(std::string_view id);

// A duty that people recognise: hobby, part-time, full-time, always-on. Rows of data/cost/scenarios.json.
struct Scenario {
  std::string id;
  std::string name;
  double hours_per_year = 0;
};
const std::vector<Scenario>& scenarios();

// The day that prices are judged on, and when they count as old. Dates are YYYY, YYYY-MM or YYYY-MM-DD.
struct Freshness {
  std::string today;
  int stale_after_days = 180;
};
// Whole days from `date` to `today`, a missing day or month counted as its last; nothing when either is no date.
std::optional<int> age_in_days(std::string_view date, std::string_view today);
// Marks old prices and returns a warning for each; assumptions are no prices.
std::vector<Note> mark_stale(std::vector<Input>& inputs, const Freshness& freshness);

// What a device costs to rent, per device.
struct RentalOffer {
  std::string id, provider, instance, region;
  int count = 1;                             // devices in the instance; they are rented together
  std::optional<double> on_demand_usd_per_hour, reserved_usd_per_hour, spot_usd_per_hour;   // per device
  std::string source, as_of;
  bool stale = false;
  std::string notes;
};

// What is known of a device, for whoever asks what it costs. Rates dense, in operations a second.
struct PricedDevice {
  std::string id, name, device_class;
  std::optional<Input> price;                // price_usd of the bare device
  Known<double> power_w, idle_power_w, inference_power_w, training_power_w;
  struct Rate {
    std::string precision;                   // "fp16", "int8"
    double per_second = 0;
    Source source;
  };
  std::vector<Rate> rates;
  Known<double> memory_bytes, bandwidth_bytes_per_s;
  std::vector<RentalOffer> offers;
};

}  // namespace hardscape::cost
