#include "fit/quality.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "fit/data_file.hpp"

namespace hardscape::fit_data {
namespace {

struct Quality {
  double base = 1;
  double exponent = 1;
  double doubling_months = 1;
  double specialist = 1;
  double slow_memory = 1;
  std::map<std::string, double, std::less<>> added;
  std::vector<std::string> ladder;
  std::map<std::string, std::vector<std::string>, std::less<>> native;
};

const Quality& quality() {
  static const Quality table = [] {
    Quality q;
    const auto json = file("fit/quality.json");
    if (!json.is_object()) return q;
    const auto value = [&](const char* key) { return json.at(key).value("value", 1.0); };
    q.base = json.value("base_perplexity", 1.0);
    q.exponent = value("scaling_exponent");
    q.doubling_months = value("density_doubling_months");
    q.specialist = value("specialist_factor");
    q.slow_memory = value("slow_memory_bytes_per_s");
    for (const auto& [name, ppl] : json.at("added_perplexity").items()) q.added.emplace(name, ppl.get<double>());
    q.ladder = json.at("ladder").get<std::vector<std::string>>();
    for (const auto& [name, list] : json.at("native_ladders").items())
      q.native.emplace(name, list.get<std::vector<std::string>>());
    return q;
  }();
  return table;
}

double months_of(const std::string& date) {
  if (date.size() < 7) return 0;
  return std::stod(date.substr(0, 4)) * 12 + std::stod(date.substr(5, 2));
}

}  // namespace

bool ModelFacts::has(std::string_view tag) const { return std::find(tags.begin(), tags.end(), tag) != tags.end(); }

const ModelFacts& facts_of(std::string_view model_id) {
  using Table = std::map<std::string, ModelFacts, std::less<>>;
  static const Table table = [] {
    Table made;
    const auto json = file("fit/models.json");
    if (!json.is_object()) return made;
    double newest = 0;
    for (const auto& [id, row] : json.at("models").items()) newest = std::max(newest, months_of(row.value("released", "")));
    for (const auto& [id, row] : json.at("models").items())
      made[id] = {newest - months_of(row.value("released", "")), row.value("tags", std::vector<std::string>{})};
    return made;
  }();
  static const ModelFacts nothing;
  const auto found = table.find(model_id);
  return found == table.end() ? nothing : found->second;
}

const std::vector<UseFacts>& uses() {
  static const std::vector<UseFacts> table = [] {
    std::vector<UseFacts> made;
    const auto json = file("fit/uses.json");
    if (!json.is_object()) return made;
    for (const auto& row : json.at("uses"))
      made.push_back({row.value("id", ""), row.value("context", 8192LL), row.value("context_wanted", 32768LL),
                      row.value("tokens_per_s", 5.4), row.value("summary", "")});
    return made;
  }();
  return table;
}

const UseFacts* find_use(std::string_view id) {
  for (const auto& use : uses())
    if (use.id == id) return &use;
  return nullptr;
}

std::optional<double> retention(std::string_view quant) {
  const Quality& q = quality();
  const auto found = q.added.find(quant);
  if (found == q.added.end()) return std::nullopt;
  // Loss in nats grows from L to L' as it would with fewer parameters: (N / N')^exponent = L' / L.
  const double loss = std::log(q.base);
  return std::pow(loss / std::log(q.base + found->second), 1 / q.exponent);
}

double worth(double params, double active_params, std::optional<double> age_months, std::string_view quant) {
  const double size = std::sqrt(params * (active_params > 0 ? active_params : params));
  const double age = age_months ? std::exp2(-*age_months / quality().doubling_months) : 1;
  return size * age * retention(quant).value_or(1);
}

double specialist_factor() { return quality().specialist; }

BytesPerSecond slow_memory() { return BytesPerSecond{quality().slow_memory}; }

const std::vector<std::string>& ladder(std::string_view native_quant) {
  const Quality& q = quality();
  const auto found = q.native.find(native_quant);
  return found == q.native.end() ? q.ladder : found->second;
}

const std::vector<SizeClass>& size_classes() {
  static const std::vector<SizeClass> table = [] {
    std::vector<SizeClass> made;
    const auto json = file("fit/classes.json");
    if (!json.is_object()) return made;
    for (const auto& row : json.at("classes")) made.push_back({row.value("id", ""), row.value("model", "")});
    return made;
  }();
  return table;
}

}  // namespace hardscape::fit_data
