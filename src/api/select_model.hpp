// The model that a question names, with everything that fit, predict and training want to know of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/catalogue.hpp"
#include "hardscape/fit.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/model_shape.hpp"
#include "hardscape/predict.hpp"
#include "hardscape/result.hpp"
#include "select/training.hpp"

namespace hardscape::api {

struct ModelChoice {
  std::string name;                  // "Qwen2.5 7B"
  std::string quant;
  std::optional<ModelShape> shape;   // absent: only the parameter count is known
  ModelWeights weights;              // of the shape
  ModelWork work;
  select::TrainedModel trained;
  std::optional<std::int64_t> context_max;
  std::string note;                  // when another model or an assumed shape stands in
};

// `text` is a size class ("34B"), another number of billions ("22B") or a model of the catalogue; a quantisation at its
// end stands before the usual one.
Result<ModelChoice> choose_model(const Catalogue& catalogue, std::string_view text, std::string_view usual_quant);

// The size classes, smallest first.
std::vector<std::string> size_classes();

// What the model asks of memory at this context, for models without a shape as well.
Result<Placement> place_model(const MemoryView& memory, const ModelChoice& model, std::int64_t context, int parallel);

}  // namespace hardscape::api
