#include "hardscape/cost_assume.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"

namespace hardscape::cost {
namespace {

constexpr double k_least_draw = 0.05, k_most_draw = 3;   // of the rating

using Price = std::optional<double> RentalOffer::*;

// By provider.
std::map<std::string, const RentalOffer*> cheapest_offers(std::span<const RentalOffer> offers, Price price, bool also_stale) {
  std::map<std::string, const RentalOffer*> cheapest;
  for (const auto& offer : offers) {
    const auto& usd = offer.*price;
    if (!usd || *usd <= 0 || (offer.stale && !also_stale)) continue;
    const auto [at, fresh] = cheapest.try_emplace(offer.provider, &offer);
    if (!fresh && *usd < *(at->second->*price)) at->second = &offer;
  }
  return cheapest;
}

std::optional<Input> rent(std::string_view key, std::span<const RentalOffer> offers, Price price) {
  constexpr std::size_t k_enough = 2;   // providers to compare
  auto cheapest = cheapest_offers(offers, price, false);
  const bool young = cheapest.size() >= k_enough;
  if (!young) cheapest = cheapest_offers(offers, price, true);
  if (cheapest.empty()) return std::nullopt;
  std::string oldest;
  bool undated = false;
  std::vector<double> prices;
  for (const auto& [provider, offer] : cheapest) {
    prices.push_back(*(offer->*price));
    undated |= offer->as_of.empty();
    if (oldest.empty() || (!offer->as_of.empty() && offer->as_of < oldest)) oldest = offer->as_of;
  }
  std::sort(prices.begin(), prices.end());
  const auto at = [&](double share) {
    const double place = share * static_cast<double>(prices.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, prices.size() - 1);
    return prices[low] + (prices[high] - prices[low]) * (place - static_cast<double>(low));
  };
  const Source source{Origin::catalogued,
                      fmt::format("cheapest offer of {} provider{}{}", prices.size(), prices.size() == 1 ? "" : "s", undated ? ", some undated" : ""), oldest,
                      prices.size() > 1 ? Confidence::agreed : Confidence::single};
  return range_input(key, at(0.1), at(0.5), at(0.9), source);
}

Input scaled(const Place::Scaled& how, const Input& of) {
  const bool same = how.low == 1 && how.high == 1;
  Source source = of.source;
  if (!same) {
    source.origin = weakest(of.source.origin, how.source.origin);
    source.ref = fmt::format("{} x {:g}..{:g}..{:g} ({})", of.source.ref, how.low, how.mid, how.high, how.source.ref);
  }
  return range_input(how.key, of.low * how.low, of.mid * how.mid, of.high * how.high, std::move(source));
}

std::optional<Input> bare(const PricedDevice& device, std::string_view key) {
  if (key == "price_usd") return device.price;
  if (key == "power_w" && device.power_w) return fixed_input(key, device.power_w->value, device.power_w->source);
  return std::nullopt;
}

}  // namespace

std::optional<Input> rent_on_demand(std::span<const RentalOffer> offers) {
  return rent("cloud_usd_per_hour", offers, &RentalOffer::on_demand_usd_per_hour);
}
std::optional<Input> rent_spot(std::span<const RentalOffer> offers) {
  return rent("spot_usd_per_hour", offers, &RentalOffer::spot_usd_per_hour);
}
std::optional<Input> rent_reserved(std::span<const RentalOffer> offers) {
  return rent("reserved_usd_per_hour", offers, &RentalOffer::reserved_usd_per_hour);
}

std::vector<Input> assumed_inputs(const PricedDevice& device, const Place& place, std::span<const Input> given) {
  std::vector<Input> inputs;
  for (const auto& how : place.scaled) {
    if (find_input(given, how.key) != nullptr) continue;
    // A given figure is the system's already; what hangs on it takes it as it is.
    const Input* own = how.key == how.of ? nullptr : find_input(given, how.of);
    if (own != nullptr) inputs.push_back(scaled(how, *own));
    else if (const auto of = bare(device, how.of)) inputs.push_back(scaled(how, *of));
  }
  for (const auto& input : place.inputs) put(inputs, input);
  if (auto on_demand = rent_on_demand(device.offers)) put(inputs, *std::move(on_demand));
  if (auto spot = rent_spot(device.offers)) put(inputs, *std::move(spot));
  if (auto reserved = rent_reserved(device.offers)) put(inputs, *std::move(reserved));
  for (const auto& input : given) put(inputs, input);
  return inputs;
}

const Place& usual_place(const PricedDevice& device) {
  const bool server = contains_ignoring_case(device.device_class, "datacenter") ||
                      contains_ignoring_case(device.device_class, "server") ||
                      contains_ignoring_case(device.device_class, "cloud") ||
                      contains_ignoring_case(device.device_class, "accelerator") || device.device_class == "tpu";
  const Place* place = find_place(server ? "datacenter" : "home");
  static const Place k_nowhere;
  return place == nullptr ? k_nowhere : *place;
}

Status check_draw(const PricedDevice& device, const Input& power) {
  if (!device.power_w) return check_input(power);
  const double rated = device.power_w->value;
  return check_within(power, rated * k_least_draw, rated * k_most_draw,
                      fmt::format("{} is rated {}", device.name, show("w", rated)));
}

}  // namespace hardscape::cost
