#include "cost/guide.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cost/cost_json.hpp"
#include "cost/data_file.hpp"
#include "facts/json_writing.hpp"

namespace hardscape::cost {
namespace {

struct Chapter {
  std::string_view question;
  std::vector<GuideTable> (*tables)(const Json& basis);
  std::vector<std::string_view> inputs;
};

const std::array<Chapter, 6>& chapters() {
  static const std::array<Chapter, 6> k_chapters{
      Chapter{"break-even", guide_break_even, {"electricity_usd_per_kwh", "pue", "maintenance_usd_per_year", "life_years"}},
      Chapter{"power", guide_power, {"electricity_usd_per_kwh", "pue"}},
      Chapter{"tco", guide_tco, {"electricity_usd_per_kwh", "pue", "life_years"}},
      Chapter{"per-tflop", guide_per_tflop, {"electricity_usd_per_kwh", "pue", "life_years"}},
      Chapter{"worth-it", guide_worth_it, {"electricity_usd_per_kwh"}},
      Chapter{"tokens", guide_tokens, {}},
  };
  return k_chapters;
}

}  // namespace

Result<GuideAnswer> guide_answer(std::string_view question) {
  const auto& all = chapters();
  const auto* chapter = std::find_if(all.begin(), all.end(), [&](const Chapter& c) { return c.question == question; });
  if (chapter == all.end())
    return Error{ErrorCode::invalid_argument, fmt::format("the guide has no calculator for \"{}\"", question)};
  const auto basis = data_file("cost/guide_basis.json");
  if (basis.root().members().empty()) return Error{ErrorCode::unsupported, "data/cost/guide_basis.json is not in this build"};
  std::optional<Error> failure;
  const JsonReader reader(basis.root(), "", failure);
  const auto source = source_from(*reader.object("source"));
  GuideAnswer answer{std::string(question), {}, chapter->tables(data_values("cost/guide_basis.json")), {}};
  for (const auto key : chapter->inputs)
    answer.inputs.push_back(fixed_input(key, reader.object("assumptions")->need_number(key), source));
  for (const auto& text : reader.object("notes")->texts(question))
    answer.notes.push_back({Severity::warning, "guide-differs", text, {}});
  return answer;
}

std::string guide_number(double value, int decimals) {
  if (std::isinf(value)) return "never";
  std::string digits = fmt::format("{:.{}f}", value, decimals);
  const std::size_t first = digits[0] == '-' ? 1 : 0;
  for (std::size_t at = std::min(digits.find('.'), digits.size()); at > first + 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string to_json(const GuideAnswer& answer) {
  OrderedJson results = OrderedJson::array();
  for (const auto& table : answer.tables)
    for (const auto& row : table.rows) {
      OrderedJson one = {{"table", table.name}};
      for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const auto& cell = row[i];
        one[table.columns[i].key] = std::holds_alternative<double>(cell) ? json_number(std::get<double>(cell))
                                                                         : OrderedJson(std::get<std::string>(cell));
      }
      results.push_back(std::move(one));
    }
  return cost_document(answer.question, answer.inputs, std::move(results), {}, nullptr, answer.notes,
                       OrderedJson{{"basis", "guide"}});
}

}  // namespace hardscape::cost
