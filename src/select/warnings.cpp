#include "select/warnings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "select/data_file.hpp"
#include "select/say.hpp"

namespace hardscape::select {
namespace {

struct Trait {
  std::string trait;
  std::vector<std::string> locations, use_cases;
  std::string text;
};

const std::vector<Trait>& traits() {
  static const std::vector<Trait> k_traits = [] {
    std::vector<Trait> read;
    const auto json = data_file("select/traits.json");
    for (const auto& t : json.at("traits")) {
      read.push_back({t.at("trait"), t.at("locations"), t.at("use_cases"), t.at("text")});
    }
    return read;
  }();
  return k_traits;
}

bool names(const std::vector<std::string>& list, std::string_view word) {
  return list.empty() || std::find(list.begin(), list.end(), word) != list.end();
}

// Electricity is worth a word when it is a quarter of the bill (guide, mistake 3).
constexpr double k_noticeable_energy = 0.25;
// One card is "more than is needed" when another reads fast enough, gives half its speed and costs at most
// 60 % of it (guide, mistake 1).
constexpr double k_half_speed = 0.5;
constexpr double k_cheap = 0.6;

}  // namespace

std::vector<std::string> warnings_for(const AskedQuestion& asked, const Judgement& j, const Candidate& c,
                                      const Performance& p) {
  const Question& q = asked.question;
  std::vector<std::string> said;
  std::vector<std::string> held = c.traits;
  if (p.split == WorkSplit::tensor) std::replace(held.begin(), held.end(), std::string("layer-split"), std::string("pcie-link"));
  if (p.split == WorkSplit::copies) std::erase_if(held, [](const std::string& trait) { return trait == "layer-split" || trait == "pcie-link"; });
  for (const Trait& t : traits()) {
    if (std::find(held.begin(), held.end(), t.trait) == held.end()) continue;
    if (names(t.locations, to_string(q.location)) && names(t.use_cases, to_string(q.use_case))) said.push_back(t.text);
  }
  if (c.assumed_price) said.push_back("Part of the price is assumed, not quoted; see the parts.");
  if (c.usd_per_hour && q.location != Location::datacenter) {
    said.push_back("Rented: it runs elsewhere, data leaves the house, and the price is that of the day.");
  }
  if (p.tight) said.push_back("The memory is nearly full: a longer context or another program will not fit beside it.");
  if (!j.reads) {
    said.push_back(fmt::format("Slower than people read ({:g} tokens/s).",
                               q.wanted ? q.wanted->value : asked.reading_speed.value));
  }
  if (c.usd && c.usd->mid > 0 && j.over_years && j.over_years->mid > 0) {
    const double share = 1 - c.usd->mid / j.over_years->mid;
    if (share >= k_noticeable_energy) {
      said.push_back(fmt::format("Electricity is {:.0f} % of what it costs over {:g} years ({}).", share * 100, q.years,
                                 say_usd(j.over_years->mid - c.usd->mid)));
    }
  }
  if (q.use_case == UseCase::training || q.use_case == UseCase::both) {
    said.push_back("Train in BF16 or FP16 mixed precision; in FP32 the matrix units of the card stay idle.");
  }
  if (q.quant == "F32" || q.quant == "F16" || q.quant == "BF16") {
    said.push_back(fmt::format("{} asked for: at Q4_K_M the model takes under a third of the memory, so a smaller machine "
                               "would do; try quantisation before buying memory.", q.quant));
  }
  return said;
}

std::optional<std::string> overspending(const AskedQuestion& asked, const Judgement& chosen,
                                        const std::vector<Judgement>& front, std::span<const Candidate> candidates) {
  const UseCase use = asked.question.use_case;
  if (use == UseCase::training || use == UseCase::both || !chosen.over_years) return std::nullopt;
  for (const Judgement& j : front) {
    if (j.index == chosen.index || !j.reads || !j.over_years) continue;
    const bool fast_enough = j.decode >= k_half_speed * chosen.decode && j.decode < chosen.decode;
    if (!fast_enough || j.need_usd > k_cheap * chosen.need_usd || chosen.need_usd <= 0) continue;
    return fmt::format("For inference alone {} gives {:.0f} % of this speed for {:.0f} % of the money.",
                       candidates[j.index].name, 100 * j.decode / chosen.decode, 100 * j.need_usd / chosen.need_usd);
  }
  return std::nullopt;
}

}  // namespace hardscape::select
