#include <fmt/format.h>

#include <algorithm>

#include "api/device_price.hpp"
#include "base/text.hpp"
#include "catalogue/part_name.hpp"
#include "hardscape/api_cost.hpp"

namespace hardscape {
namespace {

std::optional<cost::Input> price_of(const Device& device) {
  if (const auto today = api::price_today(device))
    return cost::range_input("price_usd", today->usd.low, today->usd.mid, today->usd.high, today->source);
  if (!device.msrp) return std::nullopt;
  Source source = device.msrp->source;
  source.ref = "launch price; " + source.ref;
  if (!device.launch.empty()) source.date = device.launch;
  return cost::fixed_input("price_usd", device.msrp->value.value, std::move(source));
}

template <class Unit>
Known<double> plain(const Known<Unit>& known) {
  if (!known) return std::nullopt;
  return Fact<double>{static_cast<double>(known->value.value), known->source};
}

std::optional<double> per_device(const Known<UsdPerHour>& price, const CloudOffer& offer) {
  if (!price || price->value.value <= 0) return std::nullopt;
  return price->value.value / (offer.per_device ? 1 : offer.count);
}

cost::RentalOffer rental(const CloudOffer& offer, const cost::Freshness& freshness) {
  cost::RentalOffer made;
  made.id = offer.id;
  made.provider = offer.provider;
  made.instance = offer.instance;
  made.region = offer.region;
  made.count = offer.count;
  made.on_demand_usd_per_hour = per_device(offer.on_demand, offer);
  made.spot_usd_per_hour = per_device(offer.spot, offer);
  made.reserved_usd_per_hour = per_device(offer.reserved, offer);
  for (const auto* price : {&offer.on_demand, &offer.spot, &offer.reserved}) {
    if (!*price || !made.source.empty()) continue;
    made.source = (*price)->source.ref;
    made.as_of = (*price)->source.date;
  }
  const auto age = cost::age_in_days(made.as_of, freshness.today);
  made.stale = age && *age > freshness.stale_after_days;
  made.notes = offer.notes;
  return made;
}

const Known<UsdPerKilowattHour>& rate_of(const EnergyTariff& tariff, std::string_view customer) {
  if (customer == "residential") return tariff.residential;
  if (customer == "commercial") return tariff.commercial;
  if (customer == "industrial") return tariff.industrial;
  return tariff.average;
}

cost::Input realised_gain(std::string_view key, double ratio, const Source& source) {
  constexpr double k_least = 0.6, k_likely = 0.8;
  const auto share = [&](double part) { return 1 + part * (ratio - 1); };
  Source from = source;
  from.origin = Origin::estimated;
  from.ref = fmt::format("60 to 100 % of the {:.3g} times on paper ({})", ratio, source.ref);
  return ratio >= 1 ? cost::range_input(key, share(k_least), share(k_likely), ratio, from)
                    : cost::range_input(key, ratio, share(k_likely), share(k_least), from);
}

}  // namespace

cost::PricedDevice priced_device(const Device& device, const Catalogue& catalogue, const cost::Freshness& freshness, bool with_rents) {
  cost::PricedDevice made;
  made.id = device.id;
  made.name = device.name;
  made.device_class = device.device_class;
  made.price = price_of(device);
  made.power_w = plain(device.power);
  made.idle_power_w = plain(device.idle_power);
  made.inference_power_w = plain(device.inference_power);
  made.training_power_w = plain(device.training_power);
  const auto rate = [&](std::string_view name, const auto& known) {
    if (known) made.rates.push_back({std::string(name), known->value.value, known->source});
  };
  rate("fp64", device.fp64);
  rate("fp32", device.fp32);
  rate("fp16", device.fp16);
  rate("bf16", device.bf16);
  rate("fp8", device.fp8);
  rate("fp4", device.fp4);
  rate("int8", device.int8);
  if (!device.memory_options.empty())
    made.memory_bytes = Fact<double>{static_cast<double>(device.memory_options.front().value.value), device.memory_options.front().source};
  made.bandwidth_bytes_per_s = plain(device.bandwidth);
  if (!with_rents) return made;
  for (const auto& offer : catalogue.offers())
    if (offer.device_id == device.id && !offer.suspect && !offer.excludes_host) made.offers.push_back(rental(offer, freshness));
  std::stable_sort(made.offers.begin(), made.offers.end(), [](const auto& a, const auto& b) {
    return a.on_demand_usd_per_hour.value_or(1e9) < b.on_demand_usd_per_hour.value_or(1e9);
  });
  return made;
}

Result<const Device*> device_called(std::string_view name, const Catalogue& catalogue) {
  const Lookup found = catalogue.look_up(name);
  if (found.matches.size() == 1) return found.matches[0];
  if (found.matches.empty())
    return Error{ErrorCode::invalid_argument,
                 fmt::format("the catalogue has no device \"{}\"{}", printable(name),
                             found.nearest.empty() ? "; see hardscape catalog list"
                                                   : "; did you mean " + join_words(found.nearest, "or") + "?")};
  std::vector<std::string> ids;
  for (const auto* device : found.matches) ids.push_back(device->id);
  return Error{ErrorCode::invalid_argument,
               fmt::format("\"{}\" is more than one device; {}", printable(name),
                           found.question.empty() ? "name " + join_words(ids, "or") : found.question)};
}

Result<CountedDevice> devices_called(std::string_view name, const Catalogue& catalogue) {
  auto parts = parse_parts(name);
  if (!parts) return std::move(parts).error();
  if (parts->size() != 1)
    return Error{ErrorCode::invalid_argument, fmt::format("\"{}\" names several devices; expected one, such as 4x rtx-3090", printable(name))};
  const auto device = device_called(parts->front().name, catalogue);
  if (!device) return device.error();
  return CountedDevice{parts->front().count, *device};
}

Result<cost::RentalOffer> offer_called(std::string_view name, const cost::PricedDevice& device) {
  std::vector<std::string> ids;
  for (const auto& offer : device.offers) {
    if (offer.id == name || equal_ignoring_case(offer.instance, name)) return offer;
    ids.push_back(offer.id);
  }
  const auto near = nearest(name, ids);
  return Error{ErrorCode::invalid_argument,
               fmt::format("--offer: {} has no offer \"{}\"{}", device.name, printable(name),
                           ids.empty() ? "; nobody is known to rent it out, give --cloud"
                                       : "; it has " + join_words(near.empty() ? std::vector<std::string>(ids.begin(), ids.begin() + std::min<std::ptrdiff_t>(3, std::ssize(ids))) : near, "or"))};
}

std::vector<cost::Tariff> tariffs_of(const Catalogue& catalogue, std::string_view customer) {
  std::vector<cost::Tariff> all;
  for (const auto& tariff : catalogue.tariffs())
    if (const auto& rate = rate_of(tariff, customer))
      all.push_back({tariff.region, rate->value.value, rate->source.ref, rate->source.date});
  return all;
}

Result<cost::Input> electricity_in(std::string_view region, std::string_view customer, const Catalogue& catalogue) {
  std::vector<std::string> ids;
  for (const auto& tariff : catalogue.tariffs()) {
    ids.push_back(tariff.id);
    if (!equal_ignoring_case(tariff.id, region) && !equal_ignoring_case(tariff.region, region)) continue;
    const auto& rate = rate_of(tariff, customer);
    if (!rate)
      return Error{ErrorCode::invalid_argument, fmt::format("--region: no {} price is known for {}; give --rate", customer, tariff.region)};
    Source source = rate->source;
    source.ref = fmt::format("{}, {}; {}", tariff.region, customer, source.ref);
    return cost::fixed_input("electricity_usd_per_kwh", rate->value.value, std::move(source));
  }
  const auto near = nearest(region, ids);
  return Error{ErrorCode::invalid_argument,
               fmt::format("--region: no electricity price is known for \"{}\"; {}", printable(region),
                           near.empty() ? "hardscape cost power DEVICE --regions lists those that are, and --rate takes any price"
                                        : "did you mean " + join_words(near, "or") + "?")};
}

std::optional<cost::Input> carbon_in(std::string_view region, const Catalogue& catalogue) {
  const bool american = starts_with_ignoring_case(region, "us-");
  for (const auto& grid : catalogue.grids()) {
    if (!(american && grid.id == "usa") && !equal_ignoring_case(grid.id, region) && !equal_ignoring_case(grid.region, region)) continue;
    if (grid.grams_per_kwh) return cost::fixed_input("carbon_g_per_kwh", grid.grams_per_kwh->value, grid.grams_per_kwh->source);
  }
  return std::nullopt;
}

std::vector<cost::Input> speed_ratios(const cost::PricedDevice& a, const cost::PricedDevice& b) {
  std::vector<cost::Input> ratios;
  for (const auto* precision : {"bf16", "fp16", "fp32"}) {
    const auto rate = [&](const cost::PricedDevice& device) {
      return std::find_if(device.rates.begin(), device.rates.end(), [&](const auto& r) { return r.precision == precision; });
    };
    const auto of_a = rate(a), of_b = rate(b);
    if (of_a == a.rates.end() || of_b == b.rates.end()) continue;
    ratios.push_back(realised_gain("training_speed_ratio", of_b->per_second / of_a->per_second,
                                   {Origin::catalogued, fmt::format("dense {}; {}", precision, of_b->source.ref), of_b->source.date, of_b->source.confidence}));
    break;
  }
  if (a.bandwidth_bytes_per_s && b.bandwidth_bytes_per_s)
    ratios.push_back(realised_gain("inference_speed_ratio", b.bandwidth_bytes_per_s->value / a.bandwidth_bytes_per_s->value,
                                   {Origin::catalogued, "memory bandwidth; " + b.bandwidth_bytes_per_s->source.ref,
                                    b.bandwidth_bytes_per_s->source.date, b.bandwidth_bytes_per_s->source.confidence}));
  return ratios;
}

}  // namespace hardscape
