#include "catalogue/prices.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/embedded.hpp"
#include "base/text.hpp"

namespace hardscape {
namespace {

// Hosts, supplies and computers are records of data/hosts, which the choosing part reads; their ids are enough here.
std::vector<std::string> ids_of_hosts() {
  std::vector<std::string> ids;
  const auto add = [&](std::optional<JsonValue> rows) {
    if (!rows) return;
    for (const auto& row : rows->elements())
      if (const auto id = row.find("id")) ids.emplace_back(id->text());
  };
  for (const std::string_view name : {"hosts/hosts.json", "hosts/computers.json"}) {
    const auto document = JsonDocument::embedded(name);
    add(document.root().find("hosts"));
    add(document.root().find("computers"));
    if (const auto supplies = document.root().find("power_supplies")) add(supplies->find("rows"));
  }
  return ids;
}

using ById = std::unordered_map<std::string, PriceRecord>;

void amend_devices(std::vector<Device>& devices, const ById& prices) {
  for (Device& device : devices) {
    const auto own = prices.find(device.id);
    if (own == prices.end() || !own->second.price) continue;
    device.price = own->second.price;
    device.price_low = own->second.price_low;
    device.price_high = own->second.price_high;
  }
}

void amend_offers(std::vector<CloudOffer>& offers, const ById& prices) {
  for (CloudOffer& offer : offers) {
    const auto own = prices.find(offer.id);
    if (own == prices.end() || !own->second.on_demand) continue;
    offer.on_demand = own->second.on_demand;
    offer.suspect = false;   // its user has looked
  }
}

}  // namespace

Status take_prices(const LazyList<PriceRecord>& own, std::span<const std::string> files, LazyList<Device>& devices, LazyList<CloudOffer>& offers) {
  if (own.overlay.empty()) return Done{};
  ById prices;
  for (const auto& price : own.overlay) prices.insert_or_assign(price.id, price);   // the later file has the last word
  devices.amend = [prices](std::vector<Device>& records) { amend_devices(records, prices); };
  offers.amend = [prices](std::vector<CloudOffer>& records) { amend_offers(records, prices); };

  std::vector<std::string> to_buy = ids_of_hosts(), to_rent;
  for (const auto& device : devices.records()) to_buy.push_back(device.id);
  for (const auto& offer : offers.records()) to_rent.push_back(offer.id);
  for (std::size_t i = 0; i < own.overlay.size(); ++i) {
    const PriceRecord& price = own.overlay[i];
    const auto& known = price.price ? to_buy : to_rent;
    if (std::find(known.begin(), known.end(), price.id) != known.end()) continue;
    const auto near = nearest(price.id, known);
    return Error{ErrorCode::malformed,
                 files[i] + ": price \"" + printable(price.id) + "\": nothing that is " + (price.price ? "sold" : "rented") + " here has that id" +
                     (near.empty() ? "; hardscape catalog list shows those of devices, --explain those of hosts" : "; did you mean " + join_words(near, "or") + "?")};
  }
  return Done{};
}

}  // namespace hardscape
