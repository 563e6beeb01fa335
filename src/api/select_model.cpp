#include "api/select_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "hardscape/model_name.hpp"
#include "hardscape/suggest.hpp"
#include "select/data_file.hpp"

namespace hardscape::api {
namespace {

constexpr double k_most_billions = 10000;
constexpr double k_usual_vocabulary = 128000;
constexpr std::int64_t k_compute_bytes = 600'000'000;   // activations of a micro-batch of a model nobody described

struct SizeClass {
  std::string size;
  std::string model;   // empty: none stands for it
};

const std::vector<SizeClass>& classes() {
  static const std::vector<SizeClass> k_classes = [] {
    std::vector<SizeClass> read;
    const auto json = select::data_file("select/model_sizes.json");
    for (const auto& s : json.at("sizes")) read.push_back({s.at("size"), s.value("model", "")});
    return read;
  }();
  return k_classes;
}

// "22B", "0.5b": billions of parameters.
std::optional<double> billions(std::string_view name) {
  if (name.size() < 2 || (name.back() != 'B' && name.back() != 'b')) return std::nullopt;
  const auto number = parse_number(name.substr(0, name.size() - 1));
  if (!number || !(*number > 0) || *number > k_most_billions) return std::nullopt;
  return number;
}

select::TrainedModel trained_as(const ModelWork& work, double vocabulary) {
  select::TrainedModel t;
  t.params = work.params;
  t.active_params = work.experts ? work.read_params : work.params;
  t.layers = work.layers;
  t.hidden = work.hidden;
  t.vocabulary = vocabulary;
  return t;
}

Result<ModelChoice> from_record(const ModelRecord& record, std::string_view quant) {
  ModelChoice choice;
  choice.name = record.name;
  choice.quant = quant;
  std::optional<Bytes> file;
  if (auto shape = shape_of(record)) {
    auto weights = weights_of(*shape, quant);
    if (!weights) return Error{ErrorCode::invalid_argument, weights.error().message};   // the word was the caller's
    file = weights->total();
    choice.weights = *std::move(weights);
    choice.shape = *std::move(shape);
  }
  auto work = model_work(record, quant, file);
  if (!work) return work.error();
  choice.work = *std::move(work);
  choice.trained = trained_as(choice.work, record.vocabulary ? *record.vocabulary : k_usual_vocabulary);
  choice.context_max = record.context_max;
  return choice;
}

Result<ModelChoice> from_size(std::string_view name, double params, std::string_view quant) {
  ModelChoice choice;
  choice.name = fmt::format("a dense {} model", name);
  choice.quant = quant;
  auto work = model_work(choice.name, params, std::nullopt, quant, std::nullopt);
  if (!work) return work.error();
  choice.work = *std::move(work);
  choice.trained = trained_as(choice.work, k_usual_vocabulary);
  choice.note = fmt::format("No model of the catalogue stands for {}: its layers and widths follow from its size.", name);
  return choice;
}

WeightDemand even_weights(const ModelWork& work) {
  WeightDemand demand;
  const auto layers = static_cast<std::size_t>(std::max(1.0, std::round(work.layers)));
  const Bytes each{static_cast<std::int64_t>(work.weight_bytes / static_cast<double>(layers))};
  demand.layers.assign(layers, LayerBytes{});
  for (auto& layer : demand.layers) layer.dense = each;
  return demand;
}

StateDemand even_state(const ModelWork& work, std::int64_t context, int parallel) {
  StateDemand demand;
  const auto layers = static_cast<std::size_t>(std::max(1.0, std::round(work.layers)));
  const double kv = work.kv_bytes_per_token * static_cast<double>(context) * parallel;
  demand.layers.assign(layers, LayerState{Bytes{static_cast<std::int64_t>(kv / static_cast<double>(layers))}, Bytes{0}});
  demand.compute = Bytes{k_compute_bytes};
  return demand;
}

}  // namespace

std::vector<std::string> size_classes() {
  std::vector<std::string> names;
  for (const SizeClass& c : classes()) names.push_back(c.size);
  return names;
}

Result<ModelChoice> choose_model(const Catalogue& catalogue, std::string_view text, std::string_view usual_quant) {
  const auto named = split_model_name(text);
  if (!named) return named.error();
  const std::string& name = named->name;
  const std::string_view quant = named->quant ? std::string_view(*named->quant) : usual_quant;
  const auto size = std::find_if(classes().begin(), classes().end(),
                                 [&](const SizeClass& c) { return equal_ignoring_case(c.size, name); });
  if (size != classes().end() && !size->model.empty()) {
    if (const ModelRecord* record = catalogue.find_model(size->model)) return from_record(*record, quant);
  }
  const ModelLookup found = catalogue.look_up_model(name);
  if (found.match != nullptr) {
    auto choice = from_record(*found.match, quant);
    if (choice && found.note) choice->note = *found.note;
    return choice;
  }
  if (const auto b = billions(name)) return from_size(name, *b * k_giga, quant);
  std::string near;
  for (const std::string& id : found.nearest) near += (near.empty() ? "; near: " : ", ") + id;
  return Error{ErrorCode::invalid_argument,
               fmt::format("nobody here knows the model \"{}\"{}; give a size ({}) or a name that `hardscape model list` shows",
                           printable_text(name), near, fmt::join(size_classes(), ", "))};
}

Result<Placement> place_model(const MemoryView& memory, const ModelChoice& model, std::int64_t context, int parallel) {
  if (!model.shape) return place(memory, even_weights(model.work), even_state(model.work, context, parallel));
  FitQuestion question;
  question.quant = model.quant;
  question.context = context;
  question.parallel = parallel;
  return fit(memory, *model.shape, model.weights, question);
}

}  // namespace hardscape::api
