#include "cost/cost_json.hpp"

#include <cmath>

#include "facts/json_writing.hpp"

namespace hardscape::cost {

OrderedJson json_number(double value) { return std::isfinite(value) ? OrderedJson(value) : OrderedJson(); }

OrderedJson json_inputs(std::span<const Input> inputs) {
  OrderedJson all = OrderedJson::object();
  for (const auto& input : inputs) {
    const InputRule* rule = find_rule(input.key);
    OrderedJson one = {{"low", input.low}, {"mid", input.mid}, {"high", input.high},
                       {"unit", rule == nullptr ? "" : rule->unit}, {"spread", std::string(to_string(input.spread))},
                       {"source", input.source.ref},
                       {"as_of", input.source.date.empty() ? OrderedJson() : OrderedJson(input.source.date)},
                       {"basis", std::string(basis_name(input.source.origin))}};
    if (input.stale) one["stale"] = true;
    all[input.key] = std::move(one);
  }
  return all;
}

OrderedJson json_flips(std::span<const Flip> flips) {
  OrderedJson all = OrderedJson::array();
  for (const auto& flip : flips)
    all.push_back({{"input", flip.input}, {"value_at_which_the_answer_changes", flip.value},
                   {"in_range", flip.in_range}, {"first_wins_above", flip.first_wins_above}});
  return all;
}

OrderedJson json_exploration(const Exploration& exploration) {
  OrderedJson influences = OrderedJson::array();
  for (const auto& influence : exploration.influences)
    influences.push_back({{"input", influence.input}, {"rank_correlation", influence.rank_correlation}});
  OrderedJson json = {{"draws", exploration.draws}, {"seed", exploration.seed}, {"p10", json_number(exploration.p10)},
                      {"p50", json_number(exploration.p50)}, {"p90", json_number(exploration.p90)}};
  if (exploration.first_wins) {
    json["first_wins"] = *exploration.first_wins;
    json["second_wins"] = 1 - *exploration.first_wins;
  }
  json["influences"] = std::move(influences);
  return json;
}

OrderedJson json_notes(std::span<const Note> notes) {
  constexpr std::string_view k_words[] = {"info", "warning", "error"};
  OrderedJson all = OrderedJson::array();
  for (const auto& note : notes)
    all.push_back({{"severity", std::string(k_words[static_cast<int>(note.severity)])}, {"code", note.code},
                   {"message", note.message}, {"advice", json_of(note.advice)}});
  return all;
}

OrderedJson json_offer(const RentalOffer& offer) {
  return {{"offer", offer.id}, {"provider", offer.provider}, {"instance", offer.instance}, {"region", offer.region},
          {"devices", offer.count}, {"on_demand_usd_per_hour", json_of(offer.on_demand_usd_per_hour)},
          {"spot_usd_per_hour", json_of(offer.spot_usd_per_hour)},
          {"reserved_usd_per_hour", json_of(offer.reserved_usd_per_hour)}, {"source", offer.source},
          {"as_of", offer.as_of.empty() ? OrderedJson() : OrderedJson(offer.as_of)}, {"stale", offer.stale}};
}

std::string cost_document(std::string_view question, std::span<const Input> inputs, OrderedJson results,
                          std::span<const Flip> flips, const Exploration* exploration, std::span<const Note> notes,
                          const OrderedJson& rest) {
  OrderedJson document = {{"schema", "hardscape.cost/1"}, {"question", std::string(question)}, {"currency", "USD"},
                          {"inputs", json_inputs(inputs)}, {"results", std::move(results)}, {"flips", json_flips(flips)}};
  if (exploration != nullptr) document["uncertainty"] = json_exploration(*exploration);
  for (const auto& [key, value] : rest.items()) document[key] = value;
  document["notes"] = json_notes(notes);
  return dump_document(document);
}

}  // namespace hardscape::cost
