// From what people write to a back end's row.
#include <algorithm>

#include "base/text.hpp"
#include "hardscape/predict.hpp"
#include "hardscape/predict_backend.hpp"
#include "predict/data_file.hpp"

namespace hardscape {
namespace {

struct Word {
  std::string text;
  std::string id;
};
struct Default {
  std::string vendor;
  std::string kind;
  std::string api;
  std::string engine;
  std::vector<std::string> otherwise;  // engines
  std::string serving;                 // engine; empty: none
};
struct Names {
  std::vector<Word> engines;
  std::vector<Word> apis;
  std::vector<std::string> fused;
  std::vector<Default> defaults;
};

std::vector<Word> words_of(const std::vector<JsonReader>& list) {
  std::vector<Word> words;
  for (const auto& record : list)
    for (auto& text : record.texts("words")) words.push_back({std::move(text), record.text("id").value_or("")});
  return words;
}

const Names& names() {
  static const Names k_names = [] {
    predict::DataFile file("backends/engines.json");
    const auto root = file.root();
    Names out{words_of(root.array("engines")), words_of(root.array("apis")), root.texts("fused_attention_words"), {}};
    for (const auto& record : root.array("defaults"))
      out.defaults.push_back({record.text("vendor").value_or(""), record.text("kind").value_or(""), record.text("api").value_or(""),
                              record.text("engine").value_or(""), record.texts("otherwise"), record.text("serving").value_or("")});
    return out;
  }();
  return k_names;
}

// The longest word that occurs decides: "ik_llama" before "llama".
std::string longest(std::string_view text, const std::vector<Word>& words) {
  const Word* best = nullptr;
  for (const auto& word : words)
    if (contains_ignoring_case(text, word.text) && (best == nullptr || word.text.size() > best->text.size())) best = &word;
  return best == nullptr ? std::string{} : best->id;
}

const Default* default_for(std::string_view vendor, std::string_view kind) {
  for (const auto& row : names().defaults)
    if (row.kind == kind && contains_ignoring_case(vendor, row.vendor)) return &row;
  return nullptr;
}

const Backend* row_of(const std::string& engine, const std::string& api) { return find_backend(engine + "/" + api); }

}  // namespace

std::optional<Backend> resolve_backend(std::string_view text, std::string_view vendor, std::string_view kind) {
  const std::string engine = longest(text, names().engines);
  std::string api = longest(text, names().apis);
  if (engine.empty() && api.empty()) return std::nullopt;
  const Default* usual = default_for(vendor, kind);
  const std::string usual_api = usual == nullptr ? "cpu" : usual->api;
  const Backend* row = nullptr;
  if (!api.empty()) row = row_of(engine.empty() ? "llama.cpp" : engine, api);
  if (row == nullptr && (api.empty() || api == "gpu" || row_of(engine, usual_api) != nullptr)) row = row_of(engine, usual_api);
  // An engine with one interface only means that one.
  if (row == nullptr)
    for (const auto& other : backends())
      if (other.engine == engine) {
        row = &other;
        break;
      }
  if (row == nullptr) row = row_of("llama.cpp", api.empty() ? usual_api : api);
  if (row == nullptr) return std::nullopt;
  Backend resolved = *row;
  for (const auto& word : names().fused)
    if (contains_ignoring_case(text, word)) resolved.fused_attention = true;
  return resolved;
}

Backend as_built(Backend backend, std::string_view month) {
  const Backend* old = nullptr;
  for (const auto& row : backends())
    if (!month.empty() && row.engine == backend.engine && row.api == backend.api && row.until > month &&
        (old == nullptr || row.until < old->until))
      old = &row;
  if (old != nullptr) {
    const bool fused = backend.fused_attention;
    backend = *old;
    backend.fused_attention = backend.fused_attention || fused;
  }
  if (!backend.fused_since.empty() && (month.empty() || month >= backend.fused_since)) backend.fused_attention = true;
  if (!month.empty() && month < backend.launches.queue_since) backend.launches.queue = backend.launches.queue_before;
  if (!month.empty() && month < backend.tensor_parallel_since) backend.tensor_parallel = false;
  backend.built = month;
  return backend;
}

bool computes_on_host(const Backend& backend) {
  return std::find(backend.formats.begin(), backend.formats.end(), "gguf") != backend.formats.end();
}

std::string_view engine_kind(const ComputeDevice& device) {
  switch (device.device_class) {
    case DeviceClass::cpu: return "cpu";
    case DeviceClass::npu: return "npu";
    case DeviceClass::integrated_gpu: return "integrated";
    default: return device.id.starts_with("cpu") ? "cpu" : "gpu";
  }
}

std::optional<Backend> default_backend(std::string_view vendor, std::string_view kind) {
  const Default* usual = default_for(vendor, kind);
  if (usual == nullptr) return std::nullopt;
  const Backend* row = row_of(usual->engine, usual->api);
  if (row == nullptr) return std::nullopt;
  return as_built(*row, "");
}

std::optional<Backend> default_backend(std::string_view vendor, std::string_view kind, std::string_view quant,
                                       const Architecture* architecture) {
  auto usual = default_backend(vendor, kind);
  const auto reads = [&](const Backend& backend) { return refusal(backend, quant, vendor, architecture, kind == "cpu").empty(); };
  if (!usual || reads(*usual)) return usual;
  const Default* row = default_for(vendor, kind);
  for (const auto& engine : row->otherwise)
    if (const Backend* other = row_of(engine, row->api); other != nullptr && reads(*other)) return *other;
  return usual;
}

std::optional<Backend> serving_backend(std::string_view vendor, std::string_view kind) {
  const Default* usual = default_for(vendor, kind);
  const Backend* row = usual == nullptr || usual->serving.empty() ? nullptr : row_of(usual->serving, usual->api);
  return row == nullptr ? std::nullopt : std::optional(*row);
}

}  // namespace hardscape
