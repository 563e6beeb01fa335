#include "cli/commands/model_inspect.hpp"


#include "cli/commands/model_options.hpp"
#include "cli/model_input.hpp"
#include "cli/options.hpp"
#include "cli/views/model_view.hpp"
#include "hardscape/gguf.hpp"
#include "hardscape/safetensors.hpp"

namespace hardscape::cli {
namespace {

Result<FileReport> inspect_safetensors(const std::string& path, bool whole) {
  auto header = read_safetensors_file(path, {.whole = whole});
  if (!header) return header.error();
  FileReport r;
  r.path = path;
  r.kind = "safetensors";
  r.file_bytes = static_cast<std::int64_t>(header->file_bytes);
  r.parameters = header->parameters();
  r.tensor_count = static_cast<std::int64_t>(header->tensors.size());
  r.tensor_bytes = header->tensor_bytes();
  r.by_type = header->by_type();
  r.notes.push_back("a safetensors file does not say its architecture; inspect the config.json beside it for caches");
  return r;
}

Result<FileReport> inspect_config(const std::string& path, const ModelOptions& options) {
  constexpr std::size_t most = 16u << 20;
  const auto text = read_file(path, most);
  if (!text) return text.error();
  auto shape = shape_of_config(*text, path);
  if (!shape) return shape.error();
  FileReport r;
  r.path = path;
  r.kind = "config";
  r.architecture = shape->architecture;
  r.name = shape->name;
  ModelReport model{*std::move(shape), std::nullopt, std::nullopt, {}, {}};
  const auto memory = options.memory(model.shape.context_max);
  if (!memory) return memory.error();
  model.options = *memory;
  if (const Status put = options.put_vision(model.shape); !put) return put.error();
  auto weights = weights_of(model.shape, options.quantization.empty() ? "BF16" : options.quantization);
  if (!weights) return weights.error();
  r.parameters = weights->parameters;
  r.tensor_bytes = weights->total();
  for (const auto& [format, bytes] : weights->by_format) r.by_type[format] = bytes;
  auto need = memory_need(model.shape, *weights, model.options);
  if (!need) return need.error();
  model.weights = *std::move(weights);
  model.need = *std::move(need);
  r.model = std::move(model);
  return r;
}

Result<FileReport> inspect_gguf(const std::string& path, const ModelOptions& options, bool whole) {
  auto header = read_gguf_file(path, {.whole = whole});
  if (!header) return header.error();
  std::int64_t context_max = 0;
  if (const auto shape = shape_of(*header)) context_max = shape->context_max;
  const auto memory = options.memory(context_max);
  if (!memory) return memory.error();
  std::optional<VisionShape> vision;
  if (!options.mmproj.empty()) {
    auto tower = read_mmproj(options.mmproj);
    if (!tower) return tower.error();
    vision = *tower;
  }
  return file_report(*header, path, *memory, vision);
}

}  // namespace

int run_model_inspect(Invocation& call) {
  Options app{"What a model file's header says and what the model needs", "hardscape model inspect"};
  std::string word, path;
  bool header_only = false, metadata = false;
  ModelOptions options;
  app.add_option("action", word)->group("");
  app.add_option("file", path, "FILE.gguf (any part), model.safetensors, its index, or config.json")
      ->required()
      ->type_name("FILE");
  app.add_flag("--header-only", header_only, "The weights may be missing: a file that is still being downloaded");
  app.add_flag("--metadata", metadata, "List all metadata");
  options.add_to(app);
  options.add_quantization_to(app);
  if (const auto over = call.parse(app)) return *over;
  const bool index = path.ends_with(".safetensors.index.json");
  auto report = path.ends_with(".safetensors") || index ? inspect_safetensors(path, !header_only)
                : path.ends_with(".json")               ? inspect_config(path, options)
                                                        : inspect_gguf(path, options, !header_only);
  if (!report) return call.fail(report.error());
  if (!options.draft_model.empty() && report->model && report->model->need) {
    const auto catalogue = call.catalogue();
    if (!catalogue) return call.fail(catalogue.error());
    const auto draft = draft_need(options.draft_model, *catalogue, report->model->options);
    if (!draft) return call.fail(draft.error());
    report->model->need = with_draft(*std::move(report->model->need), *draft);
  }
  return call.tell({.json = [&] { return to_json(*report); }, .document = [&] { return view_of(*report, metadata); }});
}

}  // namespace hardscape::cli
