// How able a quantised model is, in parameters of a model of today: the quantity that models are ranked by.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/units.hpp"

namespace hardscape::fit_data {

// What is known of a model beside its record.
struct ModelFacts {
  std::optional<double> age_months;       // older than the newest model in the table
  std::vector<std::string> tags;          // "code", "vision"

  bool has(std::string_view tag) const;
};
const ModelFacts& facts_of(std::string_view model_id);

struct UseFacts {
  std::string id;
  long long context = 8192;               // tokens that it needs at least
  long long context_wanted = 32768;
  double tokens_per_s = 5.4;              // below that nobody waits
  std::string summary;
};
const std::vector<UseFacts>& uses();
const UseFacts* find_use(std::string_view id);

// Share of its parameters that a model quantised so is still worth; nothing when nobody measured it.
std::optional<double> retention(std::string_view quant);

// Parameters of a dense 16-bit model of the newest month that would do as well.
double worth(double params, double active_params, std::optional<double> age_months, std::string_view quant);
double specialist_factor();
// Bandwidth to rank by where nobody knows it: one channel of DDR4-3200.
BytesPerSecond slow_memory();

// Quantisations worth looking at for weights published in this form, best first.
const std::vector<std::string>& ladder(std::string_view native_quant);

struct SizeClass {
  std::string id;      // "70B"
  std::string model;   // catalogue id
};
const std::vector<SizeClass>& size_classes();

}  // namespace hardscape::fit_data
