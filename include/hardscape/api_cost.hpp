// What the catalogue knows of a device, as plain values for the cost engine.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/catalogue.hpp"
#include "hardscape/cost.hpp"
#include "hardscape/cost_power.hpp"

namespace hardscape {

// The price is today's where a source has one, what recent launches sell for where none has (an assumption), else the
// launch price with the launch as its date. Offers whose source contradicts itself or that bill the host apart are left
// out. Rents are per device; who has no use for them saves reading them.
cost::PricedDevice priced_device(const Device& device, const Catalogue& catalogue, const cost::Freshness& freshness, bool with_rents = true);

// By any name; the error says what is near, or what to ask when several devices carry the name.
Result<const Device*> device_called(std::string_view name, const Catalogue& catalogue);
// "4x rtx-3090" is four of one device; a plain name is one. Several parts joined by " + " are refused.
struct CountedDevice {
  int count = 1;
  const Device* device = nullptr;
};
Result<CountedDevice> devices_called(std::string_view name, const Catalogue& catalogue);

// An offer by its id or its instance's name. Errors: not there, or of another device than `device`.
Result<cost::RentalOffer> offer_called(std::string_view name, const cost::PricedDevice& device);

// One row a region for a class of customer: residential, commercial, industrial, average.
std::vector<cost::Tariff> tariffs_of(const Catalogue& catalogue, std::string_view customer);
// The price of electricity in one region, by id or name ("us-ny", "New York, USA").
Result<cost::Input> electricity_in(std::string_view region, std::string_view customer, const Catalogue& catalogue);
// Grid carbon of a country by id or name; "us-ny" is the country's.
std::optional<cost::Input> carbon_in(std::string_view region, const Catalogue& catalogue);

// How much faster `b` is than `a` at training (dense matrix rate) and at inference (memory bandwidth); between 60 and
// 100 % of the gain on paper is taken to arrive. Keys training_speed_ratio and inference_speed_ratio, where known.
std::vector<cost::Input> speed_ratios(const cost::PricedDevice& a, const cost::PricedDevice& b);

// Predicted speeds of a model ("llama-3.1-8b", "llama-3.1-8b:Q8_0"; Q4_K_M where none is named) on one device with what
// most people would run on it, `concurrency` requests at once, at 4,096 tokens of context and prompts of 1,024.
// Errors: an unknown model, a device without bandwidth, a model that does not fit its memory.
struct ModelOnDevice {
  std::string model, engine;
  Estimate decode_tokens_per_s, prefill_tokens_per_s;   // of all requests together
  std::optional<std::string> note;                      // when another model's record stands in for the one that was named
};
Result<ModelOnDevice> speed_on(const std::string& device_id, std::string_view model, int concurrency, const Catalogue& catalogue);

}  // namespace hardscape
