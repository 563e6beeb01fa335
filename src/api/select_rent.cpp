#include <fmt/format.h>

#include "api/device_link.hpp"
#include "api/select_candidates.hpp"
#include "api/select_machines.hpp"
#include "base/text.hpp"

namespace hardscape::api {
namespace {

// Older prices of clouds are off by factors; they stay in the catalogue but are not offered.
constexpr std::string_view k_oldest_price = "2026";
constexpr std::int64_t k_host_gib_per_device = 64;
constexpr double k_facility = 1.2;       // power of a data centre beside its computers
constexpr double k_busy_share = 0.75;    // of a device's limit while answering
constexpr double k_host_watts = 150;     // of a host's share, a device

bool is_rentable(const CloudOffer& offer) {
  return offer.on_demand && offer.device_id && splits_evenly(offer.count) && !offer.suspect && !offer.excludes_host &&
         offer.on_demand->value.value > 0 && offer.on_demand->source.date.substr(0, 4) >= k_oldest_price;
}

bool is_gpu(const Device& device) {
  return device.device_class == "datacenter-gpu" || device.device_class == "workstation-gpu" ||
         device.device_class == "consumer-gpu";
}

Candidate from(const CloudOffer& offer, const Device& device, const Catalogue& catalogue) {
  Candidate c;
  const double hour = offer.on_demand->value.value * (offer.per_device ? offer.count : 1);
  c.name = fmt::format("{}x {} rented from {}", offer.count, device.name, offer.provider);
  c.form = Form::rented;
  c.devices = offer.count;
  c.machine = machine_with_cards(device, offer.count, Bytes{k_host_gib_per_device * k_gib * offer.count});
  c.machine_key = fmt::format("{}x{}+cloud", offer.count, device.id);
  c.link = device_link(device, offer.count, catalogue);
  c.usd_per_hour = Estimate{hour, hour, hour, Origin::catalogued};
  c.rent_note = fmt::format("{}, {}{}; on demand, price of {}.", offer.provider, offer.instance.empty() ? "" : offer.instance + ", ",
                            offer.region.empty() ? "any region" : offer.region, offer.on_demand->source.date);
  const double tdp = device.power ? device.power->value.value : 0;
  if (tdp > 0) c.load = Watts{(k_busy_share * tdp + k_host_watts) * offer.count * k_facility};
  c.peak = Watts{0};
  c.noise = Noise::silent;
  c.vendor = device.vendor;
  c.systems = {"linux"};
  if (!contains_ignoring_case(device.vendor, "nvidia")) c.traits.emplace_back("vulkan-or-rocm");
  c.parts.push_back({offer.id, true, fmt::format("{} {}", offer.provider, offer.instance), 1, std::nullopt, c.rent_note});
  return c;
}

}  // namespace

std::vector<Candidate> things_to_rent(const Catalogue& catalogue) {
  std::vector<Candidate> found;
  for (const CloudOffer& offer : catalogue.offers()) {
    if (!is_rentable(offer)) continue;
    const Device* device = catalogue.find_device(*offer.device_id);
    if (device != nullptr && is_gpu(*device) && !shares_memory(*device)) found.push_back(from(offer, *device, catalogue));
  }
  return found;
}

}  // namespace hardscape::api
