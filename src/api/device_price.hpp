// What a device costs today: one answer for whoever asks what it costs and for whoever chooses what to buy.
#pragma once

#include <optional>
#include <string>

#include "hardscape/catalogue.hpp"

namespace hardscape::api {

struct DevicePrice {
  Estimate usd;
  Source source;        // its origin is `assumed` where nobody quotes the price
  std::string doubt;    // what a buyer should know about it; empty: a dated quote
};

// The record's price with its low and high end; else a recent launch price times what such cards sell for
// (data/hosts/cards.json), which is an assumption. Nothing for older devices without a quoted price.
std::optional<DevicePrice> price_today(const Device& device);

}  // namespace hardscape::api
