#include <algorithm>

#include "base/text.hpp"
#include "hardscape/predict_backend.hpp"
#include "predict/data_file.hpp"
#include "predict/parameters.hpp"

namespace hardscape {
namespace {

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

std::optional<JsonReader> member_of(const std::optional<JsonReader>& record, std::string_view key) {
  return record ? record->object(key) : std::nullopt;
}

Launches launches_of(const std::optional<JsonReader>& record) {
  Launches out;
  if (!record) return out;
  out.queue = record->number("queue").value_or(0);
  out.layer = record->number("layer").value_or(0);
  out.layer_fused = record->number("layer_fused").value_or(out.layer);
  out.product = record->number("product").value_or(0);
  out.product_f16 = record->number("product_f16").value_or(out.product);
  out.queue_since = record->text("queue_since").value_or("");
  out.queue_before = record->number("queue_before").value_or(out.queue);
  return out;
}

Tables load() {
  Tables tables;
  predict::DataFile fitted("backends/parameters.json");
  const auto fitted_backends = fitted.root().object("backends");
  predict::DataFile file("backends/backends.json");
  for (const auto& record : file.root().array("backends")) {
    Backend row;
    row.id = record.text("id").value_or("");
    row.engine = record.text("engine").value_or("");
    row.api = record.text("api").value_or("");
    row.name = record.text("name").value_or("");
    row.tensor_parallel = record.flag("tensor_parallel").value_or(false);
    row.tensor_parallel_since = record.text("tensor_parallel_since").value_or("");
    row.fused_attention = record.flag("fused_attention").value_or(false);
    row.fused_since = record.text("fused_since").value_or("");
    row.matrix_units = record.flag("matrix_units").value_or(true);
    row.micro_batch = static_cast<int>(record.integer("micro_batch").value_or(row.micro_batch));
    row.launches = launches_of(record.object("launches"));
    row.formats = record.texts("formats");
    row.until = record.text("until").value_or("");
    row.like = record.text("like").value_or("");
    // A back end without rows of its own starts as the one it is built like.
    for (const auto& other : tables.backends)
      if (other.id == row.like) {
        row.decode = other.decode;
        row.prefill = other.prefill;
      }
    const auto values = member_of(fitted_backends, row.id);
    predict::take(row.decode, member_of(values, "decode"), predict::decode_parameters());
    predict::take(row.prefill, member_of(values, "prefill"), predict::prefill_parameters());
    tables.backends.push_back(std::move(row));
  }
  const auto fitted_architectures = fitted.root().object("architectures");
  predict::DataFile kinds("backends/architectures.json");
  for (const auto& record : kinds.root().array("architectures")) {
    Architecture row;
    row.id = record.text("id").value_or("");
    row.lanes = record.number("lanes").value_or(0);
    row.vector_share = record.number("vector_share").value_or(1);
    row.matrix_per_vector = record.number("matrix_per_vector").value_or(0);
    const auto values = member_of(fitted_architectures, row.id);
    const auto on_apis = member_of(values, "on_api");
    predict::take(row, values, predict::architecture_parameters());
    for (const auto& backend : tables.backends) {
      const auto known = [&](const Architecture::OnApi& r) { return r.api == backend.api; };
      if (std::find_if(row.on_api.begin(), row.on_api.end(), known) != row.on_api.end()) continue;
      row.on_api.push_back({backend.api, 1});
      predict::take(row.on_api.back(), member_of(on_apis, backend.api), predict::architecture_api_parameters());
    }
    tables.architectures.push_back(std::move(row));
    tables.rules.push_back({record.text("vendor").value_or(""), record.texts("compute_capabilities"),
                            record.texts("gfx_targets"), record.texts("words")});
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
