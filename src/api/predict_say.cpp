#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "api/evidence_json.hpp"
#include "facts/json_writing.hpp"
#include "hardscape/api_predict.hpp"

namespace hardscape {
namespace {

OrderedJson terms_of(const Speed& speed) {
  OrderedJson terms = OrderedJson::array();
  for (const auto& term : speed.parts())
    terms.push_back({{"name", term.name}, {"time_s", term.time.value}, {"share", term.time / speed.step}});
  return terms;
}

// Three figures, without exponents.
std::string short_number(double value) { return value >= 100 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value); }

std::string rate(const std::optional<Speed>& speed) {
  if (!speed) return "-";
  const auto& e = speed->tokens_per_s;
  return fmt::format("{} ({}-{})", short_number(e.mid), short_number(e.low), short_number(e.high));
}

std::string where(const Predicted& result) {
  std::string text = result.devices > 1 ? fmt::format("{}x {}", result.devices, result.device) : result.device;
  if (result.devices < result.of_devices) text = fmt::format("{} of {}x {}", result.devices, result.of_devices, result.device);
  if (result.host_share > 0) text += fmt::format(" + {:.0f} % on the host", 100 * result.host_share);
  return text;
}

std::string way_of(const Predicted& result) { return result.way.empty() ? result.backend : result.way; }

// Different ones only, in their order.
std::vector<std::string> ways_of(const std::vector<Predicted>& results) {
  std::vector<std::string> ways;
  for (const auto& result : results)
    if (std::find(ways.begin(), ways.end(), way_of(result)) == ways.end()) ways.push_back(way_of(result));
  return ways;
}

// Is there one answer for all of them?
bool is_same(const std::vector<Predicted>& results, std::string (*said)(const Predicted&)) {
  return std::all_of(results.begin(), results.end(), [&](const Predicted& r) { return said(r) == said(results.front()); });
}

// What a step of decode or prefill spends its time on, and how many tokens it yields.
Table terms_table(const Predicted& result, const Speed& speed, std::string_view phase) {
  const double tokens = std::round(speed.tokens_per_s.mid * speed.step.value);
  Table table{fmt::format("{} of {} {}", phase, result.model, result.quant),
              {{std::string{phase}}, {tokens == 1 ? "ms a token" : fmt::format("ms for {:.0f} tokens", tokens), Align::right},
               {"share", Align::right}}, {}};
  for (const auto& term : speed.parts())
    table.rows.push_back({std::string{term.name}, fmt::format("{:.3f}", term.time.value * 1e3), fmt::format("{:.0f} %", 100 * (term.time / speed.step))});
  table.rows.push_back({Cell{"step", Tone::strong}, fmt::format("{:.3f}", speed.step.value * 1e3), ""});
  return table;
}

}  // namespace

std::string to_json(const std::vector<Predicted>& results, bool explain) {
  OrderedJson out{{"schema", "hardscape.predict/1"}, {"results", OrderedJson::array()}};
  for (const auto& result : results) {
    OrderedJson row{{"machine", result.machine}, {"model", result.model},     {"quant", result.quant},
             {"device", result.device},   {"backend", result.backend}, {"way", result.way.empty() ? OrderedJson(nullptr) : OrderedJson(result.way)}, {"context", result.context},
             {"devices", result.devices}, {"host_share", result.host_share}};
    row["decode_tokens_per_s"] = result.decode ? json_of(result.decode->tokens_per_s) : OrderedJson(nullptr);
    row["prefill_tokens_per_s"] = result.prefill ? json_of(result.prefill->tokens_per_s) : OrderedJson(nullptr);
    row["time_to_first_token_s"] = result.first_token_s ? json_of(*result.first_token_s) : OrderedJson(nullptr);
    row["bound"] = result.decode ? OrderedJson(result.decode->bound) : OrderedJson(nullptr);
    if (result.serving) {
      row["serving"]["time_per_output_token_s"] = json_of(result.serving->time_per_output_token_s);
      row["serving"]["time_to_first_token_s"] = json_of(result.serving->time_to_first_token_s);
      row["serving"]["output_tokens_per_s"] = json_of(result.serving->output_tokens_per_s);
    }
    if (explain && result.decode) row["decode_terms"] = terms_of(*result.decode);
    if (explain && result.prefill) row["prefill_terms"] = terms_of(*result.prefill);
    row["evidence"] = json_of(result.evidence);
    row["reason"] = result.reason.empty() ? OrderedJson(nullptr) : OrderedJson(result.reason);
    out["results"].push_back(std::move(row));
  }
  return dump_document(out);
}

Document predict_document(const std::vector<Predicted>& results, bool explain) {
  Document out{{Heading{"Predicted speed"}}};
  if (results.empty()) return out;
  // What all have in common stands above the table, the rest in it; several machines are told by the names they were given.
  const bool one_device = is_same(results, where);
  const bool ways_in_rows = one_device && !is_same(results, way_of);
  Pairs common;
  if (one_device) common.rows.push_back({"device", where(results.front())});
  if (!ways_in_rows) common.rows.push_back({"back end", fmt::format("{}", fmt::join(ways_of(results), "; "))});
  out.blocks.push_back(common);
  Table table{"Predicted speed", {{"model", Align::left, true}, {"quant"}, {"context", Align::right}, {"decode tok/s", Align::right},
                                  {"prefill tok/s", Align::right}, {"bound"}}, {}};
  if (!one_device) table.columns.insert(table.columns.begin(), {"machine", Align::left, true});
  if (ways_in_rows) table.columns.push_back({"back end", Align::left, true});
  std::vector<Note> notes;
  for (const auto& result : results) {
    auto& row = table.rows.emplace_back();
    if (!one_device) row.emplace_back(result.machine);
    row.insert(row.end(), {result.model, result.quant, fmt::format("{:.0f}", result.context), rate(result.decode), rate(result.prefill),
                           result.decode ? Cell{std::string{result.decode->bound}} : Cell{"-", Tone::faint}});
    if (ways_in_rows) row.emplace_back(way_of(result));
    if (!result.reason.empty() && notes.size() < 5) notes.push_back({Severity::warning, "no-prediction", result.reason, std::nullopt});
  }
  out.blocks.push_back(table);
  const auto& first = results.front();
  if (first.first_token_s)
    out.blocks.push_back(Paragraph{fmt::format("First token after {} to {} s. The ranges are meant to hold the truth 8 times in 10.",
                                               short_number(first.first_token_s->low), short_number(first.first_token_s->high))});
  if (first.serving)
    out.blocks.push_back(Paragraph{fmt::format("Served together: {:.3g} ms a token ({:.3g}-{:.3g}), {:.4g} tok/s in all ({:.4g}-{:.4g}).",
                                               1e3 * first.serving->time_per_output_token_s.mid, 1e3 * first.serving->time_per_output_token_s.low,
                                               1e3 * first.serving->time_per_output_token_s.high, first.serving->output_tokens_per_s.mid,
                                               first.serving->output_tokens_per_s.low, first.serving->output_tokens_per_s.high)});
  if (explain && first.decode) out.blocks.push_back(terms_table(first, *first.decode, "Decode"));
  if (explain && first.prefill) out.blocks.push_back(terms_table(first, *first.prefill, "Prefill"));
  if (!notes.empty()) out.blocks.push_back(NoteBlock{notes});
  return out;
}

}  // namespace hardscape
