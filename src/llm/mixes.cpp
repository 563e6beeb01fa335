#include "llm/mixes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "llm/architecture.hpp"
#include "llm/data_file.hpp"

namespace hardscape {

const std::vector<NumberFormat>& number_formats() {
  static const std::vector<NumberFormat> rows = [] {
    std::vector<NumberFormat> out;
    const llm::DataFile file("quantisations/formats.json");
    for (const llm::DataRow& row : file.rows("formats")) {
      out.push_back({row.value("name", ""), row.value("ggml_id", -1), row.value("block_elements", 1),
                     row.value("block_bytes", 0), row.value("cache", false)});
    }
    return out;
  }();
  return rows;
}

const NumberFormat* find_number_format(std::string_view name) {
  for (const NumberFormat& f : number_formats()) {
    if (equal_ignoring_case(f.name, name)) return &f;
  }
  return nullptr;
}

const NumberFormat* number_format_by_ggml_id(int id) {
  if (id < 0) return nullptr;
  for (const NumberFormat& f : number_formats()) {
    if (f.ggml_id == id) return &f;
  }
  return nullptr;
}

const std::vector<Quantization>& quantizations() {
  static const std::vector<Quantization> rows = [] {
    std::vector<Quantization> out;
    for (const llm::Mix& mix : llm::mixes()) out.push_back(mix.summary);
    std::stable_sort(out.begin(), out.end(), [](const Quantization& a, const Quantization& b) {
      return a.bits_per_weight > b.bits_per_weight;
    });
    return out;
  }();
  return rows;
}

namespace {

bool goes_by(const Quantization& mix, std::string_view name) {
  const auto same = [name](std::string_view other) { return equal_ignoring_case(other, name); };
  return same(mix.id) || std::any_of(mix.names.begin(), mix.names.end(), same);
}

}  // namespace

Result<const Quantization*> find_quantization(std::string_view name) {
  for (const Quantization& q : quantizations()) {
    if (goes_by(q, name)) return &q;
  }
  std::vector<std::string> ids;
  for (const Quantization& q : quantizations()) ids.push_back(q.id);
  const std::vector<std::string> near = nearest(name, ids);
  return Error{ErrorCode::not_found,
               fmt::format("no quantisation is called '{}'; {} {}", printable(name),
                           near.empty() ? "known are" : "did you mean", join_words(near.empty() ? ids : near, "or"))};
}

namespace llm {
namespace {

Category category_from(const std::string& name) {
  struct Row {
    const char* name;
    Category category;
  };
  static constexpr Row rows[] = {
      {"query", Category::query},       {"key", Category::key},
      {"value", Category::value},       {"attention_output", Category::attention_output},
      {"ffn_up", Category::ffn_up},     {"ffn_gate", Category::ffn_gate},
      {"ffn_down", Category::ffn_down},
  };
  for (const Row& row : rows) {
    if (name == row.name) return row.category;
  }
  return Category::other;
}

LayerSet layers_from(const std::string& name) {
  struct Row {
    const char* name;
    LayerSet set;
  };
  static constexpr Row rows[] = {
      {"more_bits", LayerSet::more_bits}, {"first_2", LayerSet::first_2},       {"first_4", LayerSet::first_4},
      {"first_8th", LayerSet::first_8th}, {"first_16th", LayerSet::first_16th}, {"middle", LayerSet::middle},
  };
  for (const Row& row : rows) {
    if (name == row.name) return row.set;
  }
  return LayerSet::all;
}

Mix mix_from(const DataRow& row) {
  Mix mix;
  mix.summary = {row.value("id", ""), row.value("base", ""), row.value("container", ""), row.value("summary", ""),
                 row.value("bits_per_weight", 0.0), row.texts("names")};
  const auto format = [&row](const char* key) { return find_number_format(row.value(key, "")); };
  mix.base = format("base");
  mix.output = format("output");
  mix.token_embedding = format("token_embedding");
  mix.others = format("others");
  mix.keep = format("keep");
  for (const DataRow& r : row.rows("rules")) {
    MixRule rule;
    rule.category = category_from(r.value("tensors", ""));
    rule.format = find_number_format(r.value("format", ""));
    rule.layers = layers_from(r.value("layers", ""));
    rule.gqa_at_least = r.value("gqa_at_least", 0);
    rule.experts = r.value("experts", 0);
    rule.not_experts = r.value("not_experts", 0);
    rule.experts_at_least = r.value("experts_at_least", 0);
    rule.large = r.value("large", false);
    rule.architecture = r.value("architecture", "");
    rule.not_architecture = r.value("not_architecture", "");
    mix.rules.push_back(std::move(rule));
  }
  return mix;
}

bool in_layers(LayerSet set, int i, int n) {
  switch (set) {
    case LayerSet::all:
      return true;
    case LayerSet::more_bits:
      return i < n / 8 || i >= 7 * n / 8 || (i - n / 8) % 3 == 2;
    case LayerSet::first_2:
      return i < 2;
    case LayerSet::first_4:
      return i < 4;
    case LayerSet::first_8th:
      return i < n / 8;
    case LayerSet::first_16th:
      return i < n / 16;
    case LayerSet::middle:
      return i >= n / 8 && i < 7 * n / 8;
  }
  return true;
}

// Formats that the choice itself names.
struct NamedFormats {
  const NumberFormat *f32, *f16, *bf16, *q8_0, *i32;
};
const NamedFormats& named() {
  static const NamedFormats formats{find_number_format("f32"), find_number_format("f16"), find_number_format("bf16"),
                                    find_number_format("q8_0"), find_number_format("i32")};
  return formats;
}

// llama.cpp's tensor_type_fallback, one a number format: rows that blocks of 256 do not divide get blocks of 32.
const std::vector<const NumberFormat*>& smaller_blocks() {
  struct Row {
    std::string_view from;
    const char* to;
  };
  static constexpr Row rows[] = {
      {"iq1_s", "iq4_nl"}, {"iq1_m", "iq4_nl"},   {"iq2_xxs", "iq4_nl"}, {"iq2_xs", "iq4_nl"},
      {"iq2_s", "iq4_nl"}, {"iq3_xxs", "iq4_nl"}, {"iq3_s", "iq4_nl"},   {"iq4_xs", "iq4_nl"},
      {"q2_0", "q4_0"},    {"q2_k", "q4_0"},      {"q3_k", "q4_0"},      {"tq1_0", "q4_0"},
      {"tq2_0", "q4_0"},   {"q4_k", "q5_0"},      {"q5_k", "q5_1"},      {"q6_k", "q8_0"},
  };
  static const std::vector<const NumberFormat*> all = [] {
    std::vector<const NumberFormat*> out;
    for (const NumberFormat& format : number_formats()) {
      out.push_back(&format);
      for (const Row& row : rows) {
        if (row.from == format.name) out.back() = find_number_format(row.to);
      }
    }
    return out;
  }();
  return all;
}

const NumberFormat* fallback(const NumberFormat* format, std::int64_t columns) {
  if (columns % format->block_elements == 0) return format;
  const NumberFormat* next = smaller_blocks()[static_cast<std::size_t>(format - number_formats().data())];
  return columns % next->block_elements == 0 ? next : named().f16;
}

bool is_matrix(const PlannedTensor& tensor) { return tensor.role->quantised && tensor.rows * tensor.matrices > 1; }

// Whatever the layers.
bool holds(const MixRule& rule, const MixSubject& subject) {
  if (rule.gqa_at_least > 0 && subject.gqa < rule.gqa_at_least) return false;
  if (rule.experts > 0 && subject.experts != rule.experts) return false;
  if (rule.not_experts > 0 && subject.experts == rule.not_experts) return false;
  if (rule.experts_at_least > 0 && subject.experts < rule.experts_at_least) return false;
  if (rule.large && !subject.large) return false;
  if (!rule.architecture.empty() && rule.architecture != subject.architecture) return false;
  return rule.not_architecture.empty() || rule.not_architecture != subject.architecture;
}

}  // namespace

const std::vector<Mix>& mixes() {
  static const std::vector<Mix> rows = [] {
    std::vector<Mix> out;
    const DataFile file("quantisations/mixes.json");
    for (const DataRow& row : file.rows("mixes")) out.push_back(mix_from(row));
    return out;
  }();
  return rows;
}

Result<const Mix*> find_mix(std::string_view name) {
  for (const Mix& mix : mixes()) {
    if (goes_by(mix.summary, name)) return &mix;
  }
  return find_quantization(name).error();
}

MixSubject subject_of(const ModelShape& shape, const TensorPlan& plan) {
  MixSubject s;
  s.architecture = shape.architecture;
  s.tied = shape.tied_embeddings;
  if (const Architecture* known = find_architecture(shape.architecture); known != nullptr && !known->experts_format.empty())
    s.experts_format = find_number_format(known->experts_format);
  s.layers = static_cast<int>(shape.layers.size());
  if (!shape.layers.empty()) {
    // llama.cpp asks layer 0, whose heads are 0 in some hybrids.
    if (const auto& a = shape.layers.front().attention; a && a->kv_heads > 0) {
      s.gqa = a->kind == AttentionKind::latent ? a->heads : a->heads / a->kv_heads;
    }
    s.large = shape.layers.size() == 80 && s.gqa != 1 &&
              (shape.architecture == "llama" || shape.architecture == "qwen2" || shape.architecture == "deci");
  }
  for (const LayerShape& layer : shape.layers) s.experts = std::max(s.experts, layer.ffn.experts);
  const auto values = [](const std::vector<PlannedTensor>& tensors) {
    return static_cast<int>(std::count_if(tensors.begin(), tensors.end(), [](const PlannedTensor& t) {
      return t.role->category == Category::value;
    }));
  };
  s.values = values(plan.outside);
  std::vector<int> of_kind;
  for (const auto& tensors : plan.kinds) of_kind.push_back(values(tensors));
  for (const std::size_t kind : plan.kind_of) s.values += of_kind[kind];
  return s;
}

FormatChooser::FormatChooser(const Mix& mix, const MixSubject& subject)
    : mix_(mix), subject_(subject), gguf_(mix.summary.container == "gguf") {
  for (const MixRule& rule : mix.rules) {
    if (holds(rule, subject)) rules_.push_back(&rule);
  }
}

bool FormatChooser::is_in(LayerSet set, const PlannedTensor& tensor) const {
  int index = 0;
  switch (tensor.role->category) {
    case Category::value:
      return in_layers(set, values_seen_, subject_.values);
    case Category::ffn_down:
      index = down_seen_;
      break;
    case Category::ffn_gate:
      index = gate_seen_;
      break;
    case Category::ffn_up:
      index = up_seen_;
      break;
    default:
      break;
  }
  return in_layers(set, subject_.experts > 1 ? tensor.layer : index, subject_.layers);
}

const NumberFormat* FormatChooser::gguf_anywhere(const PlannedTensor& tensor) const {
  if (subject_.experts_format != nullptr && tensor.role->reader == Reader::experts) return subject_.experts_format;
  const Category category = tensor.role->category;
  if (category == Category::output || (subject_.tied && category == Category::token_embedding)) {
    const bool divides = tensor.columns % mix_.base->block_elements == 0;
    if (mix_.base->block_elements == 1) return mix_.base;
    if (subject_.architecture == "falcon" || !divides) return named().q8_0;
    return mix_.output != nullptr ? mix_.output : mix_.base;
  }
  if (category == Category::token_embedding) {
    return mix_.token_embedding != nullptr ? mix_.token_embedding : mix_.base;
  }
  if (mix_.others != nullptr && tensor.role->reader != Reader::experts) return mix_.others;
  for (const MixRule* rule : rules_) {
    if (rule->category == category) return rule->layers == LayerSet::all ? rule->format : nullptr;
  }
  return mix_.base;
}

const NumberFormat* FormatChooser::anywhere(const PlannedTensor& tensor) const {
  const bool matrix = is_matrix(tensor);
  if (tensor.role->whole) return named().i32;
  if (!gguf_) {
    const Category c = tensor.role->category;
    const bool linear = matrix && c != Category::token_embedding && c != Category::output;
    if (mix_.keep != nullptr && !linear) return mix_.keep;
    return matrix ? mix_.base : named().bf16;
  }
  if (!matrix) return tensor.role->half && mix_.summary.id != "F32" ? named().f16 : named().f32;
  const NumberFormat* chosen = gguf_anywhere(tensor);
  return chosen != nullptr ? fallback(chosen, tensor.columns) : nullptr;
}

const NumberFormat& FormatChooser::here(const PlannedTensor& tensor) const {
  const NumberFormat* chosen = mix_.base;
  for (const MixRule* rule : rules_) {
    if (rule->category != tensor.role->category || !is_in(rule->layers, tensor)) continue;
    chosen = rule->format;
    break;
  }
  return *fallback(chosen, tensor.columns);
}

void FormatChooser::pass(const PlannedTensor& tensor) {
  if (!is_matrix(tensor)) return;
  switch (tensor.role->category) {
    case Category::value:
      ++values_seen_;
      break;
    case Category::ffn_down:
      ++down_seen_;
      break;
    case Category::ffn_gate:
      ++gate_seen_;
      break;
    case Category::ffn_up:
      ++up_seen_;
      break;
    default:
      break;
  }
}

bool FormatChooser::asks_place_of(Category category) const {
  return std::any_of(rules_.begin(), rules_.end(), [category](const MixRule* rule) {
    return rule->category == category && rule->layers != LayerSet::all;
  });
}

const NumberFormat& FormatChooser::choose(const PlannedTensor& tensor) {
  const NumberFormat* format = anywhere(tensor);
  if (format == nullptr) format = &here(tensor);
  pass(tensor);
  return *format;
}

}  // namespace llm
}  // namespace hardscape
