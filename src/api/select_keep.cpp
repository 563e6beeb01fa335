#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/device_link.hpp"
#include "api/select_candidates.hpp"
#include "api/select_machines.hpp"
#include "api/select_stock.hpp"
#include "base/text.hpp"

namespace hardscape::api {
namespace {

constexpr double k_some_host_watts = 70;      // of a desktop beside its cards while answering
constexpr double k_some_peak_watts = 180;
constexpr int k_some_lanes = 8;               // of PCI Express for each card: desktop processors share 16 out
constexpr double k_most_card_watts = 450;     // that fit a case nobody has looked into
constexpr int k_most_cards = 2;               // wide slots of a usual board

std::string called(const Machine& mine) {
  for (const Accelerator& a : mine.accelerators) {
    if (a.usable && a.kind == AcceleratorKind::gpu) return "what you have (" + a.name + ")";
  }
  return mine.processors.empty() ? std::string("what you have") : "what you have (" + mine.processors.front().name + ")";
}

bool is_soc(const Machine& mine) {
  return mine.memory.unified || mine.board.has_value() ||
         (!mine.processors.empty() && contains_ignoring_case(mine.processors.front().vendor, "apple"));
}

// "i7-1370P", "Core Ultra 7 155H", "Ryzen 7 7840U", "Ryzen AI 9 HX 370": the makers end the numbers of processors for
// laptops and small computers in letters that those for desktops do not have. Servers' numbers are left alone.
bool is_mobile_processor(std::string_view name) {
  constexpr std::array<std::string_view, 14> k_suffixes{"U", "P", "H", "HX", "HK", "HQ", "HS", "V", "Y", "M", "QM", "MQ", "G1", "G7"};
  const bool server = contains_ignoring_case(name, "EPYC") || contains_ignoring_case(name, "Xeon");
  if (server || (!contains_ignoring_case(name, "Core") && !contains_ignoring_case(name, "Ryzen"))) return false;
  for (std::string_view word : split_words(name)) {
    if (word == "HX" || word == "HS") return true;
    if (const auto dash = word.rfind('-'); dash != std::string_view::npos) word.remove_prefix(dash + 1);
    const std::size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
    const auto suffix = word.substr(digits);
    if (digits >= 3 && std::find(k_suffixes.begin(), k_suffixes.end(), suffix) != k_suffixes.end()) return true;
  }
  return false;
}

std::string system_of(const Machine& mine) {
  if (contains_ignoring_case(mine.os.name, "mac")) return "macos";
  if (contains_ignoring_case(mine.os.name, "windows")) return "windows";
  return "linux";
}

double card_watts(const Machine& mine) {
  double watts = 0;
  for (const Accelerator& a : mine.accelerators) {
    if (a.usable && !a.integrated && a.power_limit) watts += a.power_limit->value.value;
  }
  return watts;
}

bool can_take_cards(const Machine& mine) { return why_no_card(mine).empty(); }

Candidate as_it_is(const Machine& mine) {
  Candidate c;
  c.name = called(mine);
  c.form = mine.os.virtualization || can_take_cards(mine) ? Form::desktop : Form::mini;
  c.machine = mine;
  c.machine_key = "mine";
  c.usd = Estimate{0, 0, 0, Origin::measured};
  c.owned = true;
  c.devices = std::max(1, static_cast<int>(mine.accelerators.size()));
  c.load = Watts{card_watts(mine) * stock().inference_share + k_some_host_watts};
  c.peak = Watts{card_watts(mine) + k_some_peak_watts};
  c.vendor = mine.accelerators.empty() ? "" : mine.accelerators.front().vendor;
  c.systems = {system_of(mine)};
  return c;
}

// What a chip that is a computer of its own draws is known where that computer is sold: a desktop's watts are not a board's.
void take_known_watts(Candidate& c, const Machine& mine, const Catalogue& catalogue) {
  std::vector<std::string> chips;
  for (const Accelerator& a : mine.accelerators) {
    if (a.catalogue_id) chips.push_back(*a.catalogue_id);
  }
  if (mine.board) {
    for (const Device* d : catalogue.look_up(std::string_view(*mine.board).substr(0, mine.board->find(" Rev "))).matches) chips.push_back(d->id);
  }
  for (const Computer& sold : stock().computers) {
    if (std::find(chips.begin(), chips.end(), sold.device) == chips.end()) continue;
    c.load = sold.load;
    c.peak = sold.peak;
    return;
  }
}

// Cards of the machine of the same kind work together with new ones; others are left aside.
Machine without_other_cards(Machine mine, const Device& card) {
  std::erase_if(mine.accelerators, [&](const Accelerator& a) { return a.catalogue_id != card.id; });
  return mine;
}

Candidate with_added(const Machine& mine, const Device& card, const CardPrice& price, int count, const Stock& s, const Catalogue& catalogue) {
  Candidate c = as_it_is(mine);
  const Machine base = without_other_cards(mine, card);
  c.name = fmt::format("{} added to {}", count == 1 ? card.name : fmt::format("{}x {}", count, card.name), called(mine));
  c.machine = with_cards(base, card, count);
  c.devices = static_cast<int>(c.machine.accelerators.size());
  c.machine_key = fmt::format("mine+{}x{}", count, card.id);
  c.vendor = card.vendor;
  c.traits = price.traits;
  if (c.devices > 1) c.traits.emplace_back("layer-split");
  if (card.device_class == "consumer-gpu") c.traits.emplace_back("consumer-card");
  c.link = slot_link(card, k_some_lanes, catalogue);
  const double tdp = card.power->value.value;
  c.load = Watts{(s.busy_watts(tdp, c.devices, false) + k_some_host_watts) / s.supply_efficiency};
  c.load_together = Watts{(s.busy_watts(tdp, c.devices, true) + k_some_host_watts) / s.supply_efficiency};
  const Watts inside{tdp * c.devices + k_some_peak_watts};
  c.peak = inside / s.supply_efficiency;
  Part cards{card.id, false, card.name, count,
             Estimate{price.usd.low * count, price.usd.mid * count, price.usd.high * count, price.usd.basis}, price.note};
  // The supply that is there may do: it is in the high end of the price only.
  Part supply = s.supply_for(inside);
  supply.usd = Estimate{0, supply.usd->mid / 2, supply.usd->high, Origin::assumed};
  supply.price_note = fmt::format("only if the present one is smaller than {:.0f} W; {}", inside.value * s.supply_margin, supply.price_note);
  c.usd = Estimate{cards.usd->low, cards.usd->mid + supply.usd->mid, cards.usd->high + supply.usd->high,
                   weakest(cards.usd->basis, Origin::assumed)};
  c.assumed_price = true;
  c.parts = {std::move(cards), std::move(supply)};
  return c;
}

}  // namespace

std::string why_no_card(const Machine& mine) {
  if (mine.os.virtualization) return "This is a virtual machine: no card can be added to it.";
  if (is_soc(mine)) return "Its processor, GPU and memory are one part: no card can be added to it.";
  const bool has_card = std::any_of(mine.accelerators.begin(), mine.accelerators.end(), [](const Accelerator& a) { return !a.integrated && a.memory.kind == MemoryKind::dedicated; });
  if (mine.processors.empty() && !has_card) return "Nothing is known of its processor, so neither is whether a card goes into it.";
  // Servers' Arm cores are called Neoverse, or by their makers.
  if (!has_card && !mine.processors.empty() && contains_ignoring_case(mine.processors.front().name, "Cortex-"))
    return fmt::format("{} is a processor of phones and boards: no card goes into them.", mine.processors.front().name);
  if (!mine.processors.empty() && is_mobile_processor(mine.processors.front().name))
    return fmt::format("{} is a processor of laptops and small computers: no card goes into them.", mine.processors.front().name);
  return {};
}

std::vector<Candidate> things_to_keep(const Catalogue& catalogue, const Machine& mine) {
  std::vector<Candidate> found{as_it_is(mine)};
  if (is_soc(mine)) take_known_watts(found.front(), mine, catalogue);
  if (!can_take_cards(mine)) return found;
  const Stock s = stock_at_prices_of(catalogue);
  for (const Device& card : catalogue.devices()) {
    const bool pluggable = card.device_class == "consumer-gpu" || card.device_class == "workstation-gpu";
    const bool mobile = card.id.size() > 7 && card.id.substr(card.id.size() - 7) == "-laptop";
    if (!pluggable || mobile || !card.power || card.power->value.value > k_most_card_watts) continue;
    const auto price = s.price_of(card, catalogue);
    if (!price) continue;
    const auto same = std::count_if(mine.accelerators.begin(), mine.accelerators.end(),
                                    [&](const Accelerator& a) { return a.catalogue_id == card.id; });
    for (int count = 1; count + same <= k_most_cards; ++count) found.push_back(with_added(mine, card, *price, count, s, catalogue));
  }
  return found;
}

}  // namespace hardscape::api
