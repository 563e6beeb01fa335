#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/commands/cost.hpp"

namespace hardscape::cli {
namespace {

std::string label_of(const std::string& key) {
  const cost::InputRule* rule = cost::find_rule(key);
  return rule == nullptr ? key : rule->label;
}

std::string value_text(const cost::Input& input) {
  const cost::InputRule* rule = cost::find_rule(input.key);
  const std::string unit = rule == nullptr ? "" : rule->unit;
  if (input.spread == cost::Spread::fixed) return cost::show(unit, input.mid);
  return cost::show(unit, input.low) + " .. " + cost::show(unit, input.high);
}

}  // namespace

std::string usd(double value) { return cost::show("usd", value); }

std::string percent(double share) { return fmt::format("{:.0f} %", share * 100); }

std::string hours_text(double hours) {
  return std::isinf(hours) ? "never" : hours == 0 ? "any use" : cost::show("hours", std::round(hours));
}

void add_inputs(Document& document, std::span<const cost::Input> inputs, bool explain) {
  Table table{"Inputs", {{"Input", Align::left, true}, {"Value", Align::right, false}, {"As of", Align::left, false}}, {}};
  Pairs origins;
  for (const auto& input : inputs) {
    table.rows.push_back({label_of(input.key), value_text(input),
                          Cell(input.source.date.empty() ? "-" : input.source.date, input.stale ? Tone::warn : Tone::plain)});
    origins.rows.push_back({label_of(input.key), std::string(to_string(input.source.origin)) + ": " + input.source.ref});
  }
  document.blocks.push_back(Heading{"Inputs", 2});
  document.blocks.push_back(std::move(table));
  if (!explain) return;
  document.blocks.push_back(Heading{"Where they come from", 2});
  document.blocks.push_back(std::move(origins));
}

Table sensitivity_table(const cost::Exploration& exploration, std::span<const cost::Flip> flips) {
  Table table{"What decides",
              {{"Input", Align::left, true}, {"Influence", Align::right, false},
               {"Answer flips at", Align::right, false}},
              {}};
  const auto flip_of = [&](const std::string& key) -> std::string {
    const auto found = std::find_if(flips.begin(), flips.end(), [&](const cost::Flip& flip) { return flip.input == key; });
    return found == flips.end() ? "-" : cost::show(cost::find_rule(key)->unit, found->value);
  };
  std::vector<std::string> shown;
  for (const auto& influence : exploration.influences) {
    if (std::find(shown.begin(), shown.end(), influence.input) != shown.end()) continue;
    shown.push_back(influence.input);
    table.rows.push_back({label_of(influence.input), fmt::format("{:+.2f}", influence.rank_correlation), flip_of(influence.input)});
  }
  for (const auto& flip : flips) {
    if (std::find(shown.begin(), shown.end(), flip.input) != shown.end()) continue;
    table.rows.push_back({label_of(flip.input), "fixed", flip_of(flip.input)});
  }
  if (flips.empty()) {  // nothing to flip: one figure, not two sides
    table.columns.pop_back();
    for (auto& row : table.rows) row.pop_back();
  }
  return table;
}

std::string spread_sentence(const cost::Exploration& exploration, std::string_view unit) {
  if (exploration.influences.empty()) return "No input is a range, so there is nothing to draw; give ranges to see how sure this is.";
  return fmt::format("8 times in 10 it is between {} and {} ({} draws, seed {}; middle {}).",
                     cost::show(unit, exploration.p10), cost::show(unit, exploration.p90),
                     exploration.draws, exploration.seed, cost::show(unit, exploration.p50));
}

void add_notes(Document& document, std::vector<Note> notes) {
  if (!notes.empty()) document.blocks.push_back(NoteBlock{std::move(notes)});
}

}  // namespace hardscape::cli
