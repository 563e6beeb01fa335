// Which numbers of a kept document people compare.
#include <array>

#include "base/json_reading.hpp"
#include "hardscape/history.hpp"

namespace hardscape {
namespace {

struct BenchField {
  const char* key;
  const char* what;
  const char* unit;
};
constexpr std::array<BenchField, 4> k_bench_fields{{{"prefill_tokens_per_s", "prefill", "tokens/s"},
                                                   {"decode_tokens_per_s", "decode", "tokens/s"},
                                                   {"time_to_first_token_s", "time to first token", "s"},
                                                   {"total_s", "total", "s"}}};

}  // namespace

std::vector<HistoryFigure> figures_of(const HistoryEntry& entry) {
  std::vector<HistoryFigure> out;
  const auto json = JsonDocument::parse(entry.document, "history");
  if (!json) return out;
  std::optional<Error> failure;
  const JsonReader root(json->root(), "", failure);
  for (const auto& field : k_bench_fields)
    if (const auto statistic = root.object(field.key))
      if (const auto median = statistic->number("median")) out.push_back({field.what, field.unit, *median, std::nullopt});
  if (entry.kind == "llama-bench")
    if (const auto rate = root.number("avg_ts"))
      out.push_back({root.integer("n_gen").value_or(0) > 0 ? "decode" : "prefill", "tokens/s", *rate, std::nullopt});
  for (const auto& result : root.array("results"))
    if (const auto value = result.number("value"))
      out.push_back({result.text("device").value_or("") + " " + result.text("kernel").value_or("") + " " + result.text("metric").value_or(""),
                     result.text("unit").value_or(""), *value, std::nullopt});
  return out;
}

std::vector<HistoryFigure> compare(const HistoryEntry& first, const HistoryEntry& second) {
  auto out = figures_of(first);
  for (auto& theirs : figures_of(second)) {
    bool matched = false;
    for (auto& ours : out) {
      if (matched || ours.what != theirs.what || ours.unit != theirs.unit) continue;
      ours.second = theirs.first;
      matched = true;
    }
    if (!matched) out.push_back({theirs.what, theirs.unit, std::nullopt, theirs.first});
  }
  return out;
}

}  // namespace hardscape
