#include "predict/slow_path.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "predict/data_file.hpp"

namespace hardscape::predict {
namespace {

struct SlowPathRule {
  std::vector<std::string> engines;
  std::vector<std::string> apis;
  std::vector<std::string> architectures;  // beginnings
  std::vector<std::string> quants;         // beginnings, in small letters
  std::string until;                       // "2026-01": builds of this month do better; empty: all builds
  SlowPath path;
};

std::vector<SlowPathRule> load_slow_paths() {
  std::vector<SlowPathRule> rules;
  DataFile file("backends/slow_paths.json");
  for (const auto& record : file.root().array("rules"))
    rules.push_back({record.texts("engines"), record.texts("apis"), record.texts("architectures"), record.texts("quants"),
                     record.text("until").value_or(""),
                     {record.flag("matrix_units").value_or(true), record.number("products_share").value_or(0),
                      record.number("products_slower").value_or(1), record.flag("matrix_attention").value_or(true)}});
  return rules;
}

bool is_listed(const std::vector<std::string>& list, std::string_view value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

bool has_beginning_of(const std::vector<std::string>& beginnings, std::string_view text) {
  return beginnings.empty() || std::any_of(beginnings.begin(), beginnings.end(), [&](const std::string& beginning) {
           return equal_ignoring_case(text.substr(0, beginning.size()), beginning);
         });
}

bool slow_path_holds(const SlowPathRule& rule, const Backend& backend, const Architecture* architecture, std::string_view quant) {
  // A build whose age nobody said is taken for a new one.
  if (!rule.until.empty() && (backend.built.empty() || backend.built >= rule.until)) return false;
  if (!is_listed(rule.apis, backend.api) || !is_listed(rule.engines, backend.engine)) return false;
  if (!rule.architectures.empty() && (architecture == nullptr || !has_beginning_of(rule.architectures, architecture->id))) return false;
  return has_beginning_of(rule.quants, quant);
}

}  // namespace

SlowPath slow_path(const Backend& backend, const Architecture* architecture, std::string_view quant) {
  static const std::vector<SlowPathRule> k_slow_paths = load_slow_paths();
  SlowPath out;
  for (const auto& rule : k_slow_paths) {
    if (!slow_path_holds(rule, backend, architecture, quant)) continue;
    out.matrix_units = out.matrix_units && rule.path.matrix_units;
    out.products_share = std::max(out.products_share, rule.path.products_share);
    out.products_slower *= rule.path.products_slower;
    out.matrix_attention = out.matrix_attention && rule.path.matrix_attention;
  }
  return out;
}

}  // namespace hardscape::predict
