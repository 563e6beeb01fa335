#include "cli/views/model_view.hpp"

#include <fmt/format.h>

namespace hardscape::cli {
namespace {

std::string size(Bytes b) {
  if (b.value >= 10 * k_gib) return fmt::format("{:.1f} GiB", in_gib(b));
  if (b.value >= k_gib) return fmt::format("{:.2f} GiB", in_gib(b));
  if (b.value >= k_mib) return fmt::format("{:.1f} MiB", static_cast<double>(b.value) / k_mib);
  return fmt::format("{:.1f} KiB", static_cast<double>(b.value) / k_kib);
}

std::string billions(std::int64_t n) {
  const double b = static_cast<double>(n) / 1e9;
  if (b < 1) return fmt::format("{:.0f}M", b * 1000);
  return b < 100 ? fmt::format("{:.1f}B", b) : fmt::format("{:.0f}B", b);
}

std::string tokens(std::int64_t n) {
  if (n >= 1024 && n % 1024 == 0) return fmt::format("{}K", n / 1024);
  return fmt::format("{}", n);
}

std::string both_params(std::int64_t all, std::optional<std::int64_t> active) {
  return active && *active != all ? billions(all) + "-A" + billions(*active) : billions(all);
}

template <class T, class F>
Cell maybe(const std::optional<T>& value, F&& shown) {
  return value ? Cell(shown(*value)) : Cell("-", Tone::faint);
}

Pairs::Row row(std::string label, std::string value) { return {std::move(label), Cell(std::move(value))}; }

void add_memory(Document& d, const ModelReport& r) {
  if (!r.need) return;
  const MemoryNeed& n = *r.need;
  d.blocks.push_back(
      Heading{fmt::format("Memory at {} tokens{}", r.options.context,
                          r.options.parallel > 1 ? fmt::format(", {} sequences", r.options.parallel) : ""),
              2});
  Table table{"memory", {{"Part"}, {"Size", Align::right}, {"What", Align::left, true}}, {}};
  const std::string quant = r.weights ? r.weights->quantization : "";
  table.rows.push_back({"Weights", size(n.weights), quant == "file" ? "as the file has them" : quant});
  const std::string type = r.options.kv_type_k == r.options.kv_type_v
                               ? r.options.kv_type_k
                               : r.options.kv_type_k + " keys, " + r.options.kv_type_v + " values";
  if (n.kv.value > 0) table.rows.push_back({"KV cache", size(n.kv), type});
  if (n.recurrent.value > 0)
    table.rows.push_back({"Recurrent state", size(n.recurrent), "does not grow with the context"});
  table.rows.push_back(
      {"Compute buffers", size(n.compute + n.output), fmt::format("micro-batch of {} tokens", r.options.ubatch)});
  if (n.vision.value > 0) table.rows.push_back({"Vision tower", size(n.vision), "and projector, as in its mmproj file"});
  if (n.draft.value > 0) table.rows.push_back({"Draft", size(n.draft), "what drafts further tokens, with its cache"});
  table.rows.push_back({Cell("Total", Tone::strong), Cell(size(n.total()), Tone::strong),
                        fmt::format("and about {} for a GPU's driver", size(n.overhead))});
  d.blocks.push_back(std::move(table));
}

void add_notes(Document& d, const std::vector<std::string>& notes) {
  if (notes.empty()) return;
  NoteBlock block;
  for (const std::string& n : notes) block.notes.push_back({Severity::info, "model", n, std::nullopt});
  d.blocks.push_back(std::move(block));
}

std::vector<std::string> notes_of(const ModelReport& r) {
  std::vector<std::string> notes = r.notes;
  if (r.need) notes.insert(notes.end(), r.need->notes.begin(), r.need->notes.end());
  return notes;
}

std::string shown(const GgufValue& value) {
  if (const auto* s = std::get_if<std::string>(&value)) {
    std::string line = s->substr(0, 60);
    for (char& c : line) {
      if (static_cast<unsigned char>(c) < 32 || static_cast<unsigned char>(c) > 126) c = ' ';
    }
    return s->size() > 60 ? line + "..." : line;
  }
  if (const auto* a = std::get_if<GgufArray>(&value)) return fmt::format("{} x {}", a->count, a->element_type);
  if (const auto* b = std::get_if<bool>(&value)) return *b ? "true" : "false";
  if (const auto* f = std::get_if<double>(&value)) return fmt::format("{:g}", *f);
  if (const auto* i = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *i);
  return fmt::format("{}", std::get<std::uint64_t>(value));
}

}  // namespace

Document view_of(const std::vector<ModelSummary>& lines) {
  Document d;
  Table table{"models",
              {{"Model"},
               {"Params", Align::left},
               {"Context", Align::right},
               {"Kind", Align::left, true},
               {"Q4_K_M", Align::right},
               {"KV MiB", Align::right}},
              {}};
  for (const ModelSummary& l : lines) {
    table.rows.push_back({l.id, maybe(l.params, [&](std::int64_t n) { return both_params(n, l.active); }),
                          maybe(l.context, tokens), l.attention,
                          maybe(l.q4, [](Bytes b) { return fmt::format("{:.1f}", in_gib(b)); }),
                          maybe(l.kv_per_1k, [](Bytes b) { return fmt::format("{:.1f}", in_gib(b) * 1024); })});
  }
  d.blocks.push_back(std::move(table));
  d.blocks.push_back(Paragraph{
      Cell(fmt::format("{} models. Params are all and, after A, those that one token reads; Q4_K_M is the size of the weights in GiB, "
                       "KV MiB what 1024 more tokens take in f16.",
                       lines.size()),
           Tone::faint)});
  return d;
}

Document view_of(const ModelReport& r) {
  Document d;
  const ModelShape& s = r.shape;
  d.blocks.push_back(Heading{s.name.empty() ? s.id : s.name, 1});
  Pairs p;
  const std::int64_t params = r.weights ? r.weights->parameters : s.params.value_or(0);
  const std::int64_t active = s.active_params ? *s.active_params : active_parameters_of(s);
  if (params > 0)
    p.rows.push_back(
        row("Parameters",
            billions(params) + (active > 0 && active * 10 < params * 9 ? ", " + billions(active) + " active" : "")));
  p.rows.push_back(row("Architecture", s.architecture));
  p.rows.push_back(row("Layers", fmt::format("{}", s.main_layers())));
  p.rows.push_back(row("Attention", s.attention));
  if (s.context_max > 0) p.rows.push_back(row("Context", fmt::format("up to {} tokens", s.context_max)));
  d.blocks.push_back(std::move(p));
  add_memory(d, r);
  add_notes(d, notes_of(r));
  return d;
}

Document view_of(const FileReport& r, bool all_metadata) {
  Document d;
  d.blocks.push_back(Heading{r.name.empty() ? r.path : r.name, 1});
  Pairs p;
  p.rows.push_back(row("File", r.path));
  if (!r.architecture.empty()) p.rows.push_back(row("Architecture", r.architecture));
  if (r.file_bytes > 0) p.rows.push_back(row("Size", size(Bytes{r.file_bytes})));
  if (r.parameters > 0) {
    p.rows.push_back(row("Parameters", fmt::format("{}, {:.2f} bits each", billions(r.parameters),
                                                   8.0 * static_cast<double>(r.tensor_bytes.value) /
                                                       static_cast<double>(r.parameters))));
  }
  if (r.tensor_count > 0) p.rows.push_back(row("Tensors", fmt::format("{}", r.tensor_count)));
  for (const auto& [type, bytes] : r.by_type) p.rows.push_back(row("  " + type, size(bytes)));
  if (r.model) {
    p.rows.push_back(row("Layers", fmt::format("{}", r.model->shape.main_layers())));
    p.rows.push_back(row("Attention", r.model->shape.attention));
    p.rows.push_back(row("Vocabulary", fmt::format("{}", r.model->shape.vocabulary)));
    if (r.model->shape.context_max > 0)
      p.rows.push_back(row("Context", fmt::format("up to {} tokens", r.model->shape.context_max)));
  }
  d.blocks.push_back(std::move(p));
  if (r.model) add_memory(d, *r.model);
  if (r.gguf && all_metadata) {
    Table table{"metadata", {{"Key"}, {"Type"}, {"Value", Align::left, true}}, {}};
    for (const GgufEntry& e : r.gguf->metadata) table.rows.push_back({e.key, e.type, shown(e.value)});
    d.blocks.push_back(Heading{"Metadata", 2});
    d.blocks.push_back(std::move(table));
  }
  std::vector<std::string> notes = r.notes;
  if (r.model) {
    for (std::string& n : notes_of(*r.model)) notes.push_back(std::move(n));
  }
  add_notes(d, notes);
  return d;
}

Document view_of(const PrecisionTable& t, bool guide) {
  Document d;
  d.blocks.push_back(Heading{fmt::format("Memory for {:g}B parameters", t.parameters / 1e9), 1});
  Table table{"precisions",
              {{"Precision"}, {"Model", Align::right}, {"+ overhead", Align::right}, {"Fits in", Align::left, true}},
              {}};
  for (const PrecisionRow& r : t.rows) {
    std::string fits;
    for (const std::string& f : r.fits_in) fits += (fits.empty() ? "" : ", ") + f;
    table.rows.push_back({r.precision, fmt::format("{:.1f} GiB", in_gib(r.model)),
                          fmt::format("{:.1f} GiB", in_gib(r.total)),
                          fits.empty() ? Cell("several devices needed", Tone::warn) : Cell(fits)});
  }
  d.blocks.push_back(std::move(table));
  d.blocks.push_back(Paragraph{Cell(fmt::format("A rule of thumb: parameters times bytes, and {:.0f} % for KV cache "
                                                "and runtime{}. For a model that is known, "
                                                "`hardscape model show` is exact.",
                                                t.overhead * 100, guide ? "; devices as the guide counts them" : ""),
                                    Tone::faint)});
  return d;
}

}  // namespace hardscape::cli
