#include <fmt/format.h>

#include <ctime>

#include "cli/commands/cost.hpp"
#include "hardscape/cost_assume.hpp"

namespace hardscape::cli {

void CostOptions::add_to(Options& app) {
  const std::string group = "How sure and as of when";
  app.add_option("--basis", basis, "truth, or guide: the guide's own inputs and formulas, to compare")
      ->one_of({"truth", "guide"})->group(group);
  app.add_option("--draws", simulation.draws, "Monte-Carlo draws over the ranges (10000)")->group(group);
  app.add_option("--seed", simulation.seed, "Of the random numbers (1); the same seed gives the same answer")->group(group);
  app.add_option("--as-of", as_of, "Day that prices are judged on, YYYY-MM-DD (today)")->group(group);
  app.add_option("--stale-after", stale_after_days, "Days after which a price counts as old (180)")
      ->within(1, 36500)->group(group);
}

void CostOptions::add_inputs(Options& app, std::span<const std::string> keys) {
  for (const auto& key : keys) {
    const cost::InputRule* rule = cost::find_rule(key);
    if (rule == nullptr) continue;
    app.add_option("--" + rule->option, texts[key],
                   fmt::format("{} ({} to {})", rule->label, cost::show(rule->unit, rule->least), cost::show(rule->unit, rule->most)))
        ->type_name("X|LOW..HIGH|LOW..MID..HIGH")->group("Inputs, each a number or a range");
  }
}

cost::Freshness CostOptions::freshness() const {
  if (!as_of.empty()) return {as_of, stale_after_days};
  const std::time_t now = std::time(nullptr);
  std::tm day{};
  ::gmtime_r(&now, &day);
  return {fmt::format("{:04}-{:02}-{:02}", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday), stale_after_days};
}

Result<std::vector<cost::Input>> CostOptions::given() const {
  if (!as_of.empty() && !cost::age_in_days(as_of, as_of))
    return Error{ErrorCode::invalid_argument, "--as-of: a day is written YYYY-MM-DD"};
  std::vector<cost::Input> inputs;
  for (const auto& [key, text] : texts) {
    if (text.empty()) continue;
    auto input = cost::parse_input(*cost::find_rule(key), text);
    if (!input) return std::move(input).error();
    inputs.push_back(*std::move(input));
  }
  return inputs;
}

Result<const cost::Place*> CostOptions::place_for(const cost::PricedDevice& device) const {
  if (place.empty()) return &cost::usual_place(device);
  if (const cost::Place* found = cost::find_place(place)) return found;
  return Error{ErrorCode::invalid_argument, "--place: it is home or datacenter"};
}

Result<std::vector<cost::Input>> CostOptions::inputs_for(const cost::PricedDevice& device, const Catalogue& catalogue,
                                                         std::span<const cost::Input> given) const {
  const auto where = place_for(device);
  if (!where) return where.error();
  for (const auto* key : {"power_w", "inference_power_w", "training_power_w"})
    if (const cost::Input* draw = cost::find_input(given, key))
      if (auto status = cost::check_draw(device, *draw); !status) return status.error();
  std::vector<cost::Input> known(given.begin(), given.end());
  if (!region.empty() && cost::find_input(given, "electricity_usd_per_kwh") == nullptr) {
    auto rate = electricity_in(region, (*where)->tariff, catalogue);
    if (!rate) return std::move(rate).error();
    known.push_back(*std::move(rate));
  }
  return cost::assumed_inputs(device, **where, known);
}

int tell_guide(Invocation& call, const CostOptions& options, std::string_view question) {
  for (const auto& [key, text] : options.texts)
    if (!text.empty())
      return call.fail({ErrorCode::invalid_argument, fmt::format("--{}: --basis guide takes the guide's own inputs; leave it out",
                                                                 cost::find_rule(key)->option)});
  const auto answer = cost::guide_answer(question);
  if (!answer) return call.fail(answer.error());
  return call.tell({.json = [&] { return to_json(*answer); },
                    .document =
                        [&] {
                          Document document;
                          document.blocks.push_back(Heading{fmt::format("The guide's sums: {}", question)});
                          for (const auto& table : answer->tables) {
                            Table shown{table.name, {}, {}};
                            for (const auto& column : table.columns)
                              shown.columns.push_back({column.title, column.text ? Align::left : Align::right, column.text});
                            for (const auto& row : table.rows) {
                              std::vector<Cell> cells;
                              for (std::size_t i = 0; i < row.size(); ++i) {
                                const auto* number = std::get_if<double>(&row[i]);
                                cells.emplace_back(number != nullptr ? cost::guide_number(*number, table.columns[i].decimals)
                                                                     : std::get<std::string>(row[i]));
                              }
                              shown.rows.push_back(std::move(cells));
                            }
                            document.blocks.push_back(Heading{table.name, 2});
                            document.blocks.push_back(std::move(shown));
                          }
                          if (call.globals().explain)
                            add_inputs(document, answer->inputs, true);
                          add_notes(document, answer->notes);
                          return document;
                        }});
}

}  // namespace hardscape::cli
