#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "hardscape/predict_backend.hpp"
#include "predict/data_file.hpp"
#include "predict/parameters.hpp"

namespace hardscape {
namespace {

using Json = nlohmann::json;

struct ArchitectureRule {
  std::string vendor;
  std::vector<std::string> compute_capabilities;  // beginnings
  std::vector<std::string> gfx_targets;           // beginnings
  std::vector<std::string> words;                 // in the name
};

struct Tables {
  std::vector<Backend> backends;
  std::vector<Architecture> architectures;
  std::vector<ArchitectureRule> rules;  // same order as architectures
};

template <class Owner>
void take(Owner& owner, const Json& values, std::span<const predict::Parameter<Owner>> parameters) {
  if (!values.is_object()) return;
  for (const auto& parameter : parameters)
    if (const auto at = values.find(parameter.name); at != values.end() && at->is_number())
      owner.*parameter.member = at->template get<double>();
}

std::vector<std::string> texts(const Json& record, const char* key) {
  return record.value(key, std::vector<std::string>{});
}

Tables load() {
  Tables tables;
  const Json fitted = predict::data_file("backends/parameters.json");
  const Json fitted_backends = fitted.value("backends", Json::object());
  const Json file = predict::data_file("backends/backends.json");
  for (const auto& record : file.value("backends", Json::array())) {
    Backend row;
    row.id = record.value("id", "");
    row.engine = record.value("engine", "");
    row.api = record.value("api", "");
    row.name = record.value("name", "");
    row.tensor_parallel = record.value("tensor_parallel", false);
    row.fused_attention = record.value("fused_attention", false);
    row.matrix_units = record.value("matrix_units", true);
    row.micro_batch = record.value("micro_batch", 512);
    row.formats = texts(record, "formats");
    row.source = record.value("source", "");
    row.like = record.value("like", "");
    // A back end without rows of its own starts as the one it is built like.
    for (const auto& other : tables.backends)
      if (other.id == row.like) {
        row.decode = other.decode;
        row.prefill = other.prefill;
      }
    const Json values = fitted_backends.value(row.id, Json::object());
    take(row.decode, values.value("decode", Json::object()), predict::decode_parameters());
    take(row.prefill, values.value("prefill", Json::object()), predict::prefill_parameters());
    tables.backends.push_back(std::move(row));
  }
  const Json fitted_architectures = fitted.value("architectures", Json::object());
  const Json kinds = predict::data_file("backends/architectures.json");
  for (const auto& record : kinds.value("architectures", Json::array())) {
    Architecture row;
    row.id = record.value("id", "");
    row.lanes = record.value("lanes", 0.0);
    row.matrix_per_vector = record.value("matrix_per_vector", 0.0);
    const Json values = fitted_architectures.value(row.id, Json::object());
    take(row, values, predict::architecture_parameters());
    for (const auto& backend : tables.backends) {
      const auto known = [&](const Architecture::OnApi& r) { return r.api == backend.api; };
      if (std::find_if(row.on_api.begin(), row.on_api.end(), known) != row.on_api.end()) continue;
      row.on_api.push_back({backend.api, 1});
      take(row.on_api.back(), values.value("on_api", Json::object()).value(backend.api, Json::object()),
           predict::architecture_api_parameters());
    }
    tables.architectures.push_back(std::move(row));
    tables.rules.push_back({record.value("vendor", ""), texts(record, "compute_capabilities"),
                            texts(record, "gfx_targets"), texts(record, "words")});
  }
  return tables;
}

Tables& tables() {
  static Tables k_tables = load();
  return k_tables;
}

bool begins(std::string_view text, const std::vector<std::string>& beginnings) {
  for (const auto& beginning : beginnings)
    if (!text.empty() && text.substr(0, beginning.size()) == beginning) return true;
  return false;
}

bool mentions(std::string_view name, const std::vector<std::string>& words) {
  for (const auto& word : words)
    if (contains_ignoring_case(name, word)) return true;
  return false;
}

}  // namespace

std::span<const Backend> backends() { return tables().backends; }

const Backend* find_backend(std::string_view id) {
  for (const auto& row : tables().backends)
    if (row.id == id) return &row;
  return nullptr;
}

std::span<const Architecture> architectures() { return tables().architectures; }

const Architecture* find_architecture(std::string_view vendor, std::string_view name,
                                      std::string_view compute_capability, std::string_view gfx_target) {
  const auto& all = tables();
  for (std::size_t i = 0; i < all.rules.size(); ++i) {
    const auto& rule = all.rules[i];
    if (!contains_ignoring_case(vendor, rule.vendor)) continue;
    if (begins(compute_capability, rule.compute_capabilities) || begins(gfx_target, rule.gfx_targets) ||
        mentions(name, rule.words))
      return &all.architectures[i];
  }
  return nullptr;
}

namespace predict {

std::span<Backend> editable_backends() { return tables().backends; }
std::span<Architecture> editable_architectures() { return tables().architectures; }

}  // namespace predict
}  // namespace hardscape
