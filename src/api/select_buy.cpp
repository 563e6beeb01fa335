#include <fmt/format.h>

#include <algorithm>

#include "api/device_link.hpp"
#include "api/select_candidates.hpp"
#include "api/select_machines.hpp"
#include "api/select_stock.hpp"
#include "base/text.hpp"

namespace hardscape::api {
namespace {

Estimate times(const Estimate& e, double k) { return {e.low * k, e.mid * k, e.high * k, e.basis}; }

void add_to(Estimate& sum, const Estimate& e) {
  sum.low += e.low;
  sum.mid += e.mid;
  sum.high += e.high;
  sum.basis = weakest(sum.basis, e.basis);
}

bool has(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// What a card counts as when a host says what it takes.
std::string slot_of(const Device& card) {
  if (has(stock().baseboard_ids, card.id)) return "baseboard-gpu";
  const std::string form = card.form_factor.value_or("");
  const bool module = starts_with_ignoring_case(form, "SXM") || form == "OAM" || form == "SH5";
  return module ? "module" : card.device_class;   // nobody here sells a host for a single module
}

bool is_laptop_part(const Device& card) { return card.id.size() > 7 && card.id.substr(card.id.size() - 7) == "-laptop"; }

bool goes_into(const Device& card, const CardHost& host, int count) {
  if (host.form == Form::server && !splits_evenly(count)) return false;
  return has(host.takes, slot_of(card)) && count >= host.min_cards && count <= host.max_cards && card.power &&
         card.power->value <= host.max_card && !is_laptop_part(card);
}

std::string with_article(int count, const Device& card, const CardHost& host) {
  const std::string cards = count == 1 ? card.name : fmt::format("{}x {}", count, card.name);
  const std::size_t details = host.name.find(" (");
  const std::string_view article = host.name[0] == '8' ? "an" : "a";   // an 8U server
  return fmt::format("{} in {} {}", cards, article, host.name.substr(0, details));
}

std::vector<std::string> traits_of(const Device& card, const CardPrice& price, const CardHost& host, int count) {
  std::vector<std::string> traits = price.traits;
  if (card.device_class == "consumer-gpu") traits.emplace_back("consumer-card");
  if (card.device_class == "datacenter-gpu") traits.emplace_back("passive");
  if (!contains_ignoring_case(card.vendor, "nvidia")) traits.emplace_back("vulkan-or-rocm");
  const bool linked = slot_of(card) == "baseboard-gpu";
  if (count > 1 && !linked) traits.emplace_back(host.form == Form::server ? "pcie-link" : "layer-split");
  return traits;
}

// Eight-way baseboards have a fabric of their own; bridges between cards in slots are not in the price.
Link link_of(const Device& card, const CardHost& host, int count, const Catalogue& catalogue) {
  if (count < 2) return {};
  return slot_of(card) == "baseboard-gpu" ? device_link(card, count, catalogue) : slot_link(card, host.lanes, catalogue);
}

Candidate build(const Device& card, const CardPrice& price, const CardHost& host, int count, const Stock& s, const Catalogue& catalogue) {
  Candidate c;
  c.name = with_article(count, card, host);
  c.form = host.form;
  c.noise = count == 1 && card.power->value.value <= 200 && host.form == Form::desktop ? Noise::quiet : host.noise;
  c.machine = machine_with_cards(card, count, host.memory);
  c.machine_key = fmt::format("{}x{}+{}", count, card.id, host.id);
  c.devices = count;
  c.vendor = card.vendor;
  c.systems = host.systems;
  c.traits = traits_of(card, price, host, count);
  c.link = link_of(card, host, count, catalogue);
  const double tdp = card.power->value.value;
  const auto at_the_wall = [&](bool share_the_work) {
    return Watts{(s.busy_watts(tdp, count, share_the_work) + host.idle_part.value) / s.supply_efficiency};
  };
  c.load = at_the_wall(host.form == Form::server);
  c.load_together = at_the_wall(true);
  const Watts inside{tdp * count + host.peak_part.value};
  c.peak = inside / s.supply_efficiency;
  Part cards{card.id, false, card.name, count, times(price.usd, count), price.note};
  Part rest{host.id, false, host.name, 1, host.usd, host.note};
  Part supply = s.supply_for(inside);
  c.usd = Estimate{0, 0, 0, Origin::measured};
  for (const Part* part : {&cards, &rest, &supply}) add_to(*c.usd, *part->usd);
  c.assumed_price = price.assumed || host.assumed || rest.usd->basis == Origin::assumed || supply.usd->basis == Origin::assumed;
  c.parts = {std::move(cards), std::move(rest), std::move(supply)};
  return c;
}

// Chips whose GPU no usual engine runs language models on.
bool runs_on_processor(const Device& chip) {
  const bool apple = equal_ignoring_case(chip.vendor, "Apple");
  if (chip.device_class == "mobile-soc") return !apple;
  return starts_with_ignoring_case(chip.id, "raspberry") || starts_with_ignoring_case(chip.id, "orange-pi") ||
         starts_with_ignoring_case(chip.id, "snapdragon");
}

Candidate from(const Computer& computer, const Device& chip) {
  Candidate c;
  c.name = computer.name;
  c.form = computer.form;
  const bool discrete = !shares_memory(chip);
  c.machine = discrete ? machine_with_cards(chip, 1, Bytes{32 * k_gib})
                       : machine_around(chip, computer.memory, computer.form, runs_on_processor(chip));
  c.machine_key = fmt::format("{}/{}/{}", chip.id, computer.memory.value / k_gib, to_string(computer.form));
  c.usd = computer.usd;
  c.load = computer.load;
  c.peak = computer.peak;
  c.noise = computer.noise;
  c.portable = computer.portable;
  c.assumed_price = computer.assumed;
  c.vendor = computer.vendor.empty() ? chip.vendor : computer.vendor;
  c.systems = computer.systems;
  c.traits = computer.traits;
  if (computer.form == Form::phone || computer.form == Form::board) c.traits.emplace_back("no-training");
  c.parts.push_back({computer.id, false, computer.name, 1, computer.usd, computer.note});
  c.parts.front().id = chip.id;
  c.parts.front().price_id = computer.id;
  return c;
}

}  // namespace

std::vector<Candidate> things_to_buy(const Catalogue& catalogue) {
  std::vector<Candidate> found;
  const Stock s = stock_at_prices_of(catalogue);
  for (const Device& card : catalogue.devices()) {
    const auto price = s.price_of(card, catalogue);
    if (!price || shares_memory(card)) continue;
    for (const CardHost& host : s.hosts) {
      for (const int count : s.counts) {
        if (goes_into(card, host, count)) found.push_back(build(card, *price, host, count, s, catalogue));
      }
    }
  }
  for (const Computer& computer : s.computers) {
    if (const Device* chip = catalogue.find_device(computer.device)) found.push_back(from(computer, *chip));
  }
  return found;
}

}  // namespace hardscape::api
