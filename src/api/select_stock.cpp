#include "api/select_stock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "api/device_price.hpp"
#include "base/json_reading.hpp"
#include "select/data_file.hpp"

namespace hardscape::api {
namespace {

// Cards that wait for their turn in a layer split still keep their clocks and memory up.
constexpr double k_waiting_share = 0.25;
constexpr std::string_view k_assumed = "assumed-host";
constexpr std::string_view k_estimated = "apple-2025-list";

struct Origins {
  std::map<std::string, std::string> notes;   // source id to "title, date"
};

Origins read_origins() {
  Origins origins;
  const OrderedJson json = select::data_file("hosts/sources.json");
  for (const OrderedJson& s : json.at("sources")) {
    origins.notes[s.at("id")] = fmt::format("{}, {}", s.at("title").get<std::string>(), s.at("date").get<std::string>());
  }
  return origins;
}

bool is_assumed(const OrderedJson& record) {
  const std::string source = record.at("source");
  return source == k_assumed || source == k_estimated;
}

Estimate usd_of(const OrderedJson& record) {
  const OrderedJson& usd = record.at("usd");
  const bool assumed = record.contains("source") && is_assumed(record);
  return {usd.at(0), usd.at(1), usd.at(2), assumed ? Origin::assumed : Origin::catalogued};
}

std::string note_of(const Origins& origins, const OrderedJson& record) {
  const auto found = origins.notes.find(record.at("source"));
  std::string note = record.value("note", "");
  if (found != origins.notes.end()) note += (note.empty() ? "" : "; ") + found->second;
  return note;
}

std::vector<std::string> words(const OrderedJson& json, const char* key) { return json.value(key, std::vector<std::string>{}); }
Bytes gigabytes(const OrderedJson& json) { return Bytes{json.at("memory_gb").get<std::int64_t>() * k_gib}; }

Stock read_stock() {
  Stock s;
  const Origins origins = read_origins();
  const OrderedJson cards = select::data_file("hosts/cards.json");
  for (const OrderedJson& c : cards.at("cards")) s.card_traits[c.at("id")] = words(c, "traits");
  const OrderedJson hosts = select::data_file("hosts/hosts.json");
  for (const OrderedJson& h : hosts.at("hosts")) {
    CardHost host;
    host.id = h.at("id");
    host.name = h.at("name");
    host.note = note_of(origins, h);
    host.usd = usd_of(h);
    host.assumed = is_assumed(h);
    host.form = form_from(h.at("form").get<std::string>()).value_or(host.form);
    host.noise = noise_from(h.at("noise").get<std::string>()).value_or(host.noise);
    host.min_cards = h.value("min_cards", 1);
    host.max_cards = h.at("max_cards");
    host.max_card = Watts{h.at("max_card_w").get<double>()};
    host.idle_part = Watts{h.at("host_w").get<double>()};
    host.peak_part = Watts{h.at("peak_host_w").get<double>()};
    host.memory = gigabytes(h);
    host.lanes = h.value("lanes_per_card", host.lanes);
    host.takes = words(h, "takes");
    host.systems = words(h, "systems");
    s.hosts.push_back(std::move(host));
  }
  s.baseboard_ids = words(hosts, "baseboard_ids");
  const OrderedJson& supplies = hosts.at("power_supplies");
  s.supply_margin = supplies.at("margin");
  s.supply_efficiency = supplies.at("efficiency");
  for (const OrderedJson& p : supplies.at("rows")) {
    Estimate usd = usd_of(p);
    usd.basis = Origin::assumed;
    s.supplies.push_back({p.at("id"), Watts{p.at("rated_w").get<double>()}, usd, "assumed"});
  }
  s.inference_share = hosts.at("inference_share_of_tdp").at("value");
  s.counts = hosts.at("counts").get<std::vector<int>>();
  const OrderedJson computers = select::data_file("hosts/computers.json");
  for (const OrderedJson& c : computers.at("computers")) {
    Computer computer;
    computer.id = c.at("id");
    computer.name = c.at("name");
    computer.device = c.at("device");
    computer.note = note_of(origins, c);
    computer.vendor = c.value("vendor", "");
    computer.memory = gigabytes(c);
    computer.form = form_from(c.at("form").get<std::string>()).value_or(computer.form);
    computer.usd = usd_of(c);
    computer.assumed = is_assumed(c);
    computer.noise = noise_from(c.at("noise").get<std::string>()).value_or(computer.noise);
    computer.load = Watts{c.at("load_w").get<double>()};
    computer.peak = Watts{c.at("peak_w").get<double>()};
    computer.portable = c.at("portable");
    computer.systems = words(c, "systems");
    computer.traits = words(c, "traits");
    s.computers.push_back(std::move(computer));
  }
  return s;
}

}  // namespace

std::optional<CardPrice> Stock::price_of(const Device& device, const Catalogue& catalogue) const {
  auto price = price_today(device);
  if (!price) return std::nullopt;
  CardPrice card{device.id, price->usd, std::move(price->doubt), false, {}};
  card.assumed = !card.note.empty();
  if (price->source.origin != Origin::assumed) {
    const SourceRecord* source = catalogue.find_source(price->source.ref.substr(0, price->source.ref.find(';')));
    const std::string where = source == nullptr ? price->source.ref : source->title;
    const std::string when = price->source.date.empty() ? "" : ", " + price->source.date;
    card.note += (card.note.empty() ? "" : "; ") + where + when;
  }
  if (const auto found = card_traits.find(device.id); found != card_traits.end()) card.traits = found->second;
  if (!device.price) card.traits.emplace_back("price-rising");
  return card;
}

double Stock::busy_watts(double rated, int count, bool share_the_work) const {
  const double busy = inference_share * rated;
  return busy + (share_the_work ? 1 : k_waiting_share) * busy * (count - 1);
}

Part Stock::supply_for(Watts peak) const {
  const double wanted = peak.value * supply_margin;
  const PowerSupply& largest = supplies.back();
  Part part;
  const auto fits = std::find_if(supplies.begin(), supplies.end(), [&](const PowerSupply& p) { return p.rated.value >= wanted; });
  const PowerSupply& chosen = fits == supplies.end() ? largest : *fits;
  part.count = std::max(1, static_cast<int>(std::ceil(wanted / chosen.rated.value)));
  part.id = chosen.id;
  part.name = fmt::format("{:.0f} W power supply", chosen.rated.value);
  part.usd = Estimate{chosen.usd.low * part.count, chosen.usd.mid * part.count, chosen.usd.high * part.count, chosen.usd.basis};
  part.price_note = chosen.note;
  return part;
}

Stock stock_at_prices_of(const Catalogue& catalogue) {
  Stock s = stock();
  for (const PriceRecord& own : catalogue.prices()) {
    if (!own.price) continue;
    const double mid = own.price->value.value;
    const Estimate usd{own.price_low ? std::min(own.price_low->value, mid) : mid, mid, own.price_high ? std::max(own.price_high->value, mid) : mid, Origin::reported};
    const std::string note = own.price->source.ref + ", " + own.price->source.date;
    for (CardHost& host : s.hosts) {
      if (host.id != own.id) continue;
      host.usd = usd;
      host.note = note;
      host.assumed = false;
    }
    for (PowerSupply& supply : s.supplies) {
      if (supply.id != own.id) continue;
      supply.usd = usd;
      supply.note = note;
    }
    for (Computer& computer : s.computers) {
      if (computer.id != own.id) continue;
      computer.usd = usd;
      computer.note = note;
      computer.assumed = false;
    }
  }
  return s;
}

const Stock& stock() {
  static const Stock k_stock = read_stock();
  return k_stock;
}

}  // namespace hardscape::api
