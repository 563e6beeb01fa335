#include "cli/model_input.hpp"

#include "hardscape/host.hpp"
#include "hardscape/model_record.hpp"
#include "hardscape/suggest.hpp"

namespace hardscape::cli {
namespace {

constexpr std::size_t k_config_limit = 16u << 20;

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

Result<ModelInput> from_config(const std::string& path) {
  const auto text = read_file(path, k_config_limit);
  if (!text) return text.error();
  Result<ModelShape> shape = Error{ErrorCode::unsupported, path + ": config.json is not read yet"};
  if (!shape) return shape.error();
  ModelInput input;
  input.shape = *std::move(shape);
  return input;
}

}  // namespace

Result<ModelInput> read_model(const std::string& name, const Catalogue& catalogue) {
  if (ends_with(name, ".json")) return from_config(name);
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
  if (found.match->native_quant == "mxfp4") input.usual_quant = "MXFP4";
  if (found.note) input.note = *found.note;
  return input;
}

}  // namespace hardscape::cli
