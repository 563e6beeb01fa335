#include "facts/json_writing.hpp"
#include "hardscape/model_json.hpp"

#include <nlohmann/json.hpp>

#include "base/json_reading.hpp"
#include "base/text.hpp"

namespace hardscape {
namespace {

OrderedJson memory_of(const MemoryNeed& need) {
  OrderedJson m;
  m["weights_bytes"] = need.weights.value;
  m["kv_bytes"] = need.kv.value;
  m["recurrent_bytes"] = need.recurrent.value;
  m["compute_bytes"] = (need.compute + need.output).value;
  if (need.vision.value > 0) m["vision_bytes"] = need.vision.value;
  if (need.draft.value > 0) m["draft_bytes"] = need.draft.value;
  m["total_bytes"] = need.total().value;
  m["device_overhead_bytes"] = need.overhead.value;
  return m;
}

OrderedJson weights_of(const ModelWeights& w) {
  Bytes attention, dense, experts, shared, router;
  for (const LayerWeights& l : w.layers) {
    attention += l.attention;
    dense += l.dense_ffn;
    experts += l.experts;
    shared += l.shared_experts;
    router += l.router;
  }
  OrderedJson j;
  j["attention_bytes"] = attention.value;
  j["dense_ffn_bytes"] = dense.value;
  j["experts_bytes"] = experts.value;
  j["shared_experts_bytes"] = shared.value;
  j["router_bytes"] = router.value;
  j["token_embedding_bytes"] = w.token_embedding.value;
  j["per_layer_embedding_bytes"] = w.per_layer_embedding.value;
  j["output_bytes"] = w.output.value;
  j["other_bytes"] = w.other.value;
  for (const auto& [format, bytes] : w.by_format) j["by_type"][format] = bytes.value;
  return j;
}

OrderedJson layer_kinds(const ModelShape& shape) {
  int full = 0, sliding = 0, latent = 0, recurrent = 0, shared = 0, mtp = 0, moe = 0;
  for (const LayerShape& l : shape.layers) {
    mtp += l.mtp ? 1 : 0;
    moe += l.ffn.experts > 0 ? 1 : 0;
    recurrent += l.recurrent ? 1 : 0;
    if (!l.attention) continue;
    shared += l.attention->shares_kv_of ? 1 : 0;
    full += l.attention->kind == AttentionKind::full ? 1 : 0;
    sliding += l.attention->kind == AttentionKind::sliding ? 1 : 0;
    latent += l.attention->kind == AttentionKind::latent ? 1 : 0;
  }
  return {{"full", full},        {"sliding", sliding}, {"latent", latent}, {"recurrent", recurrent},
          {"kv_shared", shared}, {"moe", moe},         {"mtp", mtp}};
}

void add_model(OrderedJson& j, const ModelReport& r) {
  const ModelShape& s = r.shape;
  if (r.weights) {
    j["params"] = r.weights->parameters;
  } else {
    j["params"] = s.params ? OrderedJson(*s.params) : OrderedJson(nullptr);
  }
  const std::int64_t active = active_parameters_of(s);
  j["active_params"] = s.active_params ? OrderedJson(*s.active_params) : active > 0 ? OrderedJson(active) : OrderedJson(nullptr);
  j["layers"] = s.main_layers();
  j["context_max"] = s.context_max > 0 ? OrderedJson(s.context_max) : OrderedJson(nullptr);
  j["attention"] = s.attention;
  j["layer_kinds"] = layer_kinds(s);
  j["hidden"] = s.hidden > 0 ? OrderedJson(s.hidden) : OrderedJson(nullptr);
  j["quantization"] = r.weights ? OrderedJson(r.weights->quantization) : OrderedJson(nullptr);
  j["context"] = r.options.context;
  j["parallel"] = r.options.parallel;
  j["kv_type_k"] = r.options.kv_type_k;
  j["kv_type_v"] = r.options.kv_type_v;
  j["memory"] = r.need ? memory_of(*r.need) : OrderedJson(nullptr);
  j["weights"] = r.weights ? weights_of(*r.weights) : OrderedJson(nullptr);
}

OrderedJson notes_of(const ModelReport& r) {
  OrderedJson notes = OrderedJson::array();
  for (const std::string& n : r.notes) notes.push_back(n);
  if (r.need) {
    for (const std::string& n : r.need->notes) notes.push_back(n);
  }
  return notes;
}

OrderedJson value_of_entry(const GgufValue& value) {
  if (const auto* s = std::get_if<std::string>(&value)) return printable(*s);
  if (const auto* a = std::get_if<GgufArray>(&value)) {
    OrderedJson j;
    j["type"] = a->element_type;
    j["count"] = a->count;
    OrderedJson first = OrderedJson::array();
    for (const std::string& s : a->strings) first.push_back(printable(s));
    for (std::size_t i = 0; i < a->numbers.size() && i < 128; ++i) first.push_back(a->numbers[i]);
    j["first"] = std::move(first);
    return j;
  }
  return std::visit(
      [](const auto& v) -> OrderedJson {
        if constexpr (std::is_arithmetic_v<std::decay_t<decltype(v)>>) return v;
        return nullptr;
      },
      value);
}

}  // namespace

std::string to_json(const ModelReport& report) {
  OrderedJson j;
  j["schema"] = "hardscape.model/1";
  j["model"] = report.shape.id;
  j["name"] = report.shape.name;
  j["architecture"] = report.shape.architecture;
  add_model(j, report);
  j["notes"] = notes_of(report);
  return dump_document(j);
}

FileReport file_report(const GgufHeader& header, std::string path, const MemoryOptions& options,
                       const std::optional<VisionShape>& vision) {
  FileReport r;
  r.path = std::move(path);
  r.kind = "gguf";
  r.architecture = printable(header.text("general.architecture").value_or(""));
  r.name = printable(header.text("general.name").value_or(""));
  r.file_bytes = static_cast<std::int64_t>(header.file_bytes);
  r.parameters = header.parameters();
  r.tensor_count = static_cast<std::int64_t>(header.tensors.size());
  r.tensor_bytes = header.tensor_bytes();
  for (const GgufTensor& t : header.tensors) r.by_type[t.format->name] += t.bytes;
  r.gguf = header;
  Result<ModelShape> shape = shape_of(header);
  if (!shape) {
    r.notes.push_back(shape.error().message);
    return r;
  }
  ModelReport model{std::move(*shape), std::nullopt, std::nullopt, options, {}};
  if (vision) model.shape.vision = vision;
  model.weights = weights_of(header, model.shape);
  if (Result<MemoryNeed> need = memory_need(model.shape, *model.weights, options); need) {
    model.need = std::move(*need);
  } else {
    r.notes.push_back(need.error().message);
  }
  r.model = std::move(model);
  return r;
}

std::string to_json(const FileReport& r) {
  OrderedJson j;
  j["schema"] = r.kind == "gguf" ? "hardscape.gguf/1" : "hardscape." + r.kind + "/1";
  j["file"] = r.path;
  j["architecture"] = r.architecture;
  j["name"] = r.name.empty() ? OrderedJson(nullptr) : OrderedJson(r.name);
  j["params"] = r.parameters;
  j["file_bytes"] = r.file_bytes;
  OrderedJson types = OrderedJson::object();
  for (const auto& [type, bytes] : r.by_type) types[type] = bytes.value;
  j["tensors"] = {{"count", r.tensor_count}, {"bytes", r.tensor_bytes.value}, {"by_type", std::move(types)}};
  j["vocabulary"] = r.model && r.model->shape.vocabulary > 0 ? OrderedJson(r.model->shape.vocabulary) : OrderedJson(nullptr);
  j["layers"] = r.model ? OrderedJson(r.model->shape.main_layers()) : OrderedJson(nullptr);
  j["context_max"] = r.model && r.model->shape.context_max > 0 ? OrderedJson(r.model->shape.context_max) : OrderedJson(nullptr);
  j["memory"] = nullptr;
  OrderedJson notes = OrderedJson::array();
  for (const std::string& n : r.notes) notes.push_back(n);
  if (r.model) {
    const std::int64_t counted = r.parameters;
    add_model(j, *r.model);
    if (counted > 0) j["params"] = counted;
    for (const OrderedJson& n : notes_of(*r.model)) notes.push_back(n);
  }
  j["notes"] = std::move(notes);
  if (r.gguf) {
    j["version"] = r.gguf->version;
    j["alignment"] = r.gguf->alignment;
    j["data_offset"] = r.gguf->data_offset;
    j["parts"] = r.gguf->parts;
    OrderedJson metadata = OrderedJson::object();
    for (const GgufEntry& e : r.gguf->metadata) metadata[printable(e.key)] = value_of_entry(e.value);
    j["metadata"] = std::move(metadata);
  }
  return dump_document(j);
}

std::string to_json(const std::vector<ModelSummary>& models) {
  const auto known = [](const auto& n) { return n ? OrderedJson(*n) : OrderedJson(nullptr); };
  const auto bytes = [](const std::optional<Bytes>& b) { return b ? OrderedJson(b->value) : OrderedJson(nullptr); };
  OrderedJson j;
  j["schema"] = "hardscape.models/1";
  j["models"] = OrderedJson::array();
  for (const ModelSummary& m : models) {
    j["models"].push_back({{"model", m.id},
                           {"family", m.family},
                           {"params", known(m.params)},
                           {"active_params", known(m.active)},
                           {"layers", known(m.layers)},
                           {"context_max", known(m.context)},
                           {"attention", m.attention},
                           {"licence", m.licence},
                           {"q4_k_m_bytes", bytes(m.q4)},
                           {"kv_bytes_per_1024_tokens", bytes(m.kv_per_1k)},
                           {"note", m.note.empty() ? OrderedJson(nullptr) : OrderedJson(m.note)}});
  }
  return dump_document(j);
}

std::string to_json(const PrecisionTable& table) {
  OrderedJson j;
  j["schema"] = "hardscape.model_memory/1";
  j["params"] = table.parameters;
  j["overhead"] = table.overhead;
  j["rows"] = OrderedJson::array();
  for (const PrecisionRow& row : table.rows) {
    j["rows"].push_back({{"precision", row.precision},
                         {"bytes_per_param", row.bytes_per_parameter},
                         {"model_bytes", row.model.value},
                         {"total_bytes", row.total.value},
                         {"fits_in", row.fits_in}});
  }
  return dump_document(j);
}

}  // namespace hardscape
