// What cannot run, from the rows of data/backends/refusals.json.
#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "hardscape/predict_backend.hpp"
#include "predict/data_file.hpp"

namespace hardscape {
namespace {

struct Rule {
  std::vector<std::string> engines;
  std::vector<std::string> apis;
  std::vector<std::string> not_vendors;
  std::vector<std::string> quants;  // beginnings, in small letters and digits
  std::vector<std::string> architectures;
  bool processor = false;           // only where the processor itself computes
  std::string reason;
};

std::vector<Rule> load_rules() {
  std::vector<Rule> rules;
  predict::DataFile file("backends/refusals.json");
  for (const auto& record : file.root().array("rules"))
    rules.push_back({record.texts("engines"), record.texts("apis"), record.texts("not_vendors"), record.texts("quants"),
                     record.texts("architectures"), record.flag("processor").value_or(false), record.text("reason").value_or("")});
  return rules;
}

// "UD-Q4_K_XL" -> "q4kxl": what uploaders put in front says who mixed the format.
std::string plain_format(std::string_view quant) {
  std::string out;
  for (const char c : quant) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) != 0) out += static_cast<char>(std::tolower(u));
  }
  for (const std::string_view front : {"ud", "i1"})
    if (out.size() > front.size() && out.compare(0, front.size(), front) == 0) out.erase(0, front.size());
  return out;
}

bool holds(const std::vector<std::string>& list, std::string_view value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

std::string refusal(const Backend& backend, std::string_view quant, std::string_view vendor, const Architecture* architecture,
                    bool processor) {
  static const std::vector<Rule> k_rules = load_rules();
  const std::string format = plain_format(quant);
  for (const auto& rule : k_rules) {
    if (!holds(rule.engines, backend.engine) || !holds(rule.apis, backend.api)) continue;
    if (rule.processor && !processor) continue;
    if (!rule.architectures.empty() && (architecture == nullptr || !holds(rule.architectures, architecture->id))) continue;
    const auto begins = [&](const std::string& front) { return format.compare(0, front.size(), front) == 0; };
    if (!rule.quants.empty() && std::none_of(rule.quants.begin(), rule.quants.end(), begins)) continue;
    const auto is_vendor = [&](const std::string& name) { return contains_ignoring_case(vendor, name); };
    if (!rule.not_vendors.empty() &&
        (vendor.empty() || std::any_of(rule.not_vendors.begin(), rule.not_vendors.end(), is_vendor)))
      continue;
    return rule.reason;
  }
  return {};
}

}  // namespace hardscape
