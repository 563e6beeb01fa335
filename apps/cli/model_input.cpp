#include "cli/model_input.hpp"

#include <filesystem>

#include "hardscape/gguf.hpp"
#include "hardscape/host.hpp"
#include "hardscape/model_record.hpp"
#include "hardscape/quantization.hpp"
#include "hardscape/suggest.hpp"

namespace hardscape::cli {
namespace {

constexpr std::size_t k_config_limit = 16u << 20;

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// The configuration in a folder that holds a model as it is published; a name without a slash is one of the catalogue.
std::optional<std::string> config_in(const std::string& folder) {
  if (folder.find('/') == std::string::npos) return std::nullopt;
  std::error_code ignored;
  const auto file = std::filesystem::path(folder) / "config.json";
  return std::filesystem::is_regular_file(file, ignored) ? std::optional(file.lexically_normal().string()) : std::nullopt;
}

// What a model is called whose file does not say: the file, or the folder of a config.json.
void name_after(const std::string& path, ModelShape& shape) {
  if (!shape.name.empty()) return;
  const auto name_of = [](const std::string& place) { return place.substr(place.find_last_of('/') + 1); };
  std::string name = name_of(path);
  const std::size_t folder = path.find_last_of('/');
  if (name == "config.json" && folder != std::string::npos && folder > 0) name = name_of(path.substr(0, folder));
  shape.name = shape.id = printable_text(name);
}

Result<ModelInput> from_config(const std::string& path, const std::string& quant) {
  const auto text = read_file(path, k_config_limit);
  if (!text) return text.error();
  auto shape = shape_of_config(*text, path);
  if (!shape) return shape.error();
  ModelInput input;
  input.shape = *std::move(shape);
  name_after(path, input.shape);
  input.quant = quant.empty() ? "Q4_K_M" : quant;
  return input;
}

// The header alone decides, so that a file still being downloaded is judged too.
Result<ModelInput> from_gguf(const std::string& path) {
  const auto header = read_gguf_file(path, {.whole = false});
  if (!header) return header.error();
  auto shape = shape_of(*header);
  if (!shape) return shape.error().within(path);
  ModelInput input;
  input.weights = weights_of(*header, *shape);
  input.shape = *std::move(shape);
  name_after(path, input.shape);
  input.quant = input.weights->quantization;
  return input;
}

}  // namespace

bool is_model_file(const std::string& text) { return ends_with(text, ".json") || ends_with(text, ".gguf") || config_in(text); }

Result<NamedModel> read_model_name(const std::string& text, const std::string& quant) {
  auto named = split_model_name(text);
  if (!named || quant.empty()) return named;
  const auto known = find_quantization(quant);
  const std::string said = known ? (*known)->id : quant;
  if (named->quant && *named->quant != said)
    return Error{ErrorCode::invalid_argument,
                 "\"" + printable_text(text) + "\" says " + *named->quant + " and --quant says " + printable_text(quant) + "; give one of them"};
  named->quant = said;
  return named;
}

Result<ModelInput> read_model(const std::string& text, const Catalogue& catalogue, const std::string& quant) {
  if (ends_with(text, ".json")) return from_config(text, quant);
  if (const auto config = config_in(text)) return from_config(*config, quant);
  if (ends_with(text, ".gguf")) {
    auto input = from_gguf(text);
    if (!input || quant.empty()) return input;
    const auto known = find_quantization(quant);
    if ((known ? (*known)->id : quant) == input->quant) return input;
    return Error{ErrorCode::invalid_argument, printable_text(text) + " holds weights in " +
                                                  (input->quant == "file" ? "formats of its own" : input->quant) + " already, and --quant says " +
                                                  printable_text(quant) + "; leave --quant out, or name the model"};
  }
  const auto named = read_model_name(text, quant);
  if (!named) return named.error();
  const std::string& name = named->name;
  const ModelLookup found = catalogue.look_up_model(name);
  if (found.match == nullptr) {
    std::string message = "there is no model \"" + printable_text(name) + "\" in the catalogue and no such file";
    for (std::size_t i = 0; i < found.nearest.size(); ++i)
      message += (i == 0 ? "; did you mean " : i + 1 == found.nearest.size() ? " or " : ", ") + ("\"" + found.nearest[i] + "\"");
    if (!found.nearest.empty()) message += "?";
    return Error{ErrorCode::not_found, message};
  }
  auto shape = shape_of(*found.match);
  if (!shape) return shape.error();
  ModelInput input;
  input.shape = *std::move(shape);
  input.record = found.match;
  input.quant = named->quant.value_or(usual_quantization(*found.match));
  if (found.note) input.note = *found.note;
  return input;
}

Result<VisionShape> read_mmproj(const std::string& path) {
  const auto header = read_gguf_file(path, {.whole = false});
  if (!header) return header.error();
  const std::string architecture = header->text("general.architecture").value_or("");
  if (architecture != "clip") {
    return Error{ErrorCode::malformed, path + ": 'general.architecture' is '" + printable_text(architecture) +
                                           "', expected 'clip'; --mmproj takes the file of a vision tower"};
  }
  return VisionShape{0, 0, header->parameters(), header->tensor_bytes().value};
}

Result<MemoryNeed> draft_need(const std::string& name, const Catalogue& catalogue, const MemoryOptions& options) {
  auto input = read_model(name, catalogue);
  if (!input) return input.error().within("--draft-model");
  if (!input->weights) {
    auto weights = weights_of(input->shape, input->quant);
    if (!weights) return weights.error().within("--draft-model");
    input->weights = *std::move(weights);
  }
  MemoryOptions own = options;
  own.vision = own.mtp = false;
  return memory_need(input->shape, *input->weights, own);
}

}  // namespace hardscape::cli
