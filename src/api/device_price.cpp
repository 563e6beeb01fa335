#include "api/device_price.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "select/data_file.hpp"
#include "select/say.hpp"

namespace hardscape::api {
namespace {

constexpr std::string_view k_ours = "assumed-host";   // the source of a range that nobody quotes

struct LaunchFactors {
  std::string from;                 // launches of this year and later
  double low = 1, mid = 1, high = 1;
};

const LaunchFactors& launch_factors() {
  static const LaunchFactors k_factors = [] {
    const auto json = select::data_file("hosts/cards.json");
    const auto& factors = json.at("assume_factors");
    return LaunchFactors{json.at("assume_from"), factors.at(0), factors.at(1), factors.at(2)};
  }();
  return k_factors;
}

}  // namespace

std::optional<DevicePrice> price_today(const Device& device) {
  if (device.price) {
    const double mid = device.price->value.value;
    DevicePrice price{{device.price_low ? std::min(device.price_low->value, mid) : mid, mid,
                       device.price_high ? std::max(device.price_high->value, mid) : mid, Origin::catalogued},
                      device.price->source, {}};
    if (starts_with_ignoring_case(price.source.ref, k_ours)) {
      price.source.origin = Origin::assumed;
      price.doubt = "a range of ours that nobody quotes";
    } else if (price.source.date.empty()) {
      price.doubt = "a price without a date";
    }
    price.usd.basis = price.source.origin;
    return price;
  }
  const LaunchFactors& factors = launch_factors();
  if (!device.msrp || device.launch.empty() || device.launch < factors.from) return std::nullopt;
  const double launch = device.msrp->value.value;
  DevicePrice price{{launch * factors.low, launch * factors.mid, launch * factors.high, Origin::assumed}, device.msrp->source, {}};
  price.doubt = fmt::format("launch price {} times {} to {}: assumed, no price of today known", select::say_usd(launch), factors.low, factors.high);
  price.source.origin = Origin::assumed;
  price.source.ref = fmt::format("{}; {}", price.doubt, price.source.ref);
  price.source.date = device.launch;
  return price;
}

}  // namespace hardscape::api
