#include <algorithm>

#include "hardscape/model_memory.hpp"
#include "llm/mixes.hpp"
#include "llm/tensor_plan.hpp"
#include "llm/weight_parts.hpp"

namespace hardscape {
namespace {

using llm::PlannedTensor;
using llm::Reader;

// Which elements one decoded token reads; experts by the share that is active.
std::int64_t active_elements(const ModelShape& shape, const PlannedTensor& t) {
  switch (t.role->reader) {
    case Reader::token_embedding:
      return shape.tied_embeddings ? t.elements() : 0;
    case Reader::per_layer_embedding:
      return 0;
    case Reader::experts: {
      const FeedForwardShape& f = shape.layers[static_cast<std::size_t>(t.layer)].ffn;
      return t.elements() / std::max(1, f.experts) * f.experts_active;
    }
    default:
      return t.elements();
  }
}

}  // namespace

Bytes ModelWeights::total() const {
  Bytes sum = token_embedding + per_layer_embedding + output + other;
  for (const LayerWeights& layer : layers) sum += layer.total();
  return sum;
}

Bytes ModelWeights::drafting(const ModelShape& shape) const {
  Bytes sum;
  for (std::size_t i = 0; i < std::min(layers.size(), shape.layers.size()); ++i) {
    if (shape.layers[i].mtp) sum += layers[i].total();
  }
  return sum;
}

Result<std::vector<ModelTensor>> tensors_of(const ModelShape& shape, std::string_view quantization) {
  Result<const llm::Mix*> mix = llm::find_mix(quantization);
  if (!mix) return std::move(mix).error();
  Result<llm::TensorPlan> plan = llm::plan_of(shape);
  if (!plan) return std::move(plan).error();
  llm::FormatChooser chooser(**mix, llm::subject_of(shape, *plan));
  std::vector<ModelTensor> tensors;
  for (const PlannedTensor& t : plan->in_file_order()) {
    const NumberFormat& format = chooser.choose(t);
    tensors.push_back({t.name(), {t.columns, t.rows, t.matrices, 1}, format.name, llm::bytes_in(format, t)});
  }
  return tensors;
}

ModelWeights weights_of_tensors(const ModelShape& shape, const std::vector<ModelTensor>& tensors) {
  ModelWeights w;
  w.quantization = "file";
  w.layers.resize(shape.layers.size());
  for (const ModelTensor& t : tensors) {
    int layer = -1;
    if (t.name.starts_with("blk.")) {
      layer = 0;
      for (std::size_t i = 4; i < t.name.size() && t.name[i] >= '0' && t.name[i] <= '9' && layer < 100000; ++i) {
        layer = layer * 10 + (t.name[i] - '0');
      }
    }
    const Reader reader = llm::role_of_name(t.name).reader;
    const bool inside = layer >= 0 && static_cast<std::size_t>(layer) < w.layers.size();
    if (inside) llm::count(w.layers[static_cast<std::size_t>(layer)], reader, t.bytes);
    else llm::part_of(w, reader) += t.bytes;
    w.parameters += t.dims[0] * t.dims[1] * t.dims[2] * t.dims[3];
    w.by_format[t.format] += t.bytes;
  }
  return w;
}

std::int64_t parameters_of(const ModelShape& shape) {
  const Result<std::vector<PlannedTensor>> plan = llm::plan_tensors(shape);
  std::int64_t sum = 0;
  if (plan) {
    for (const PlannedTensor& t : *plan) sum += t.elements();
  }
  return sum;
}

std::int64_t active_parameters_of(const ModelShape& shape) {
  const Result<std::vector<PlannedTensor>> plan = llm::plan_tensors(shape);
  std::int64_t sum = 0;
  if (plan) {
    for (const PlannedTensor& t : *plan) {
      if (t.layer >= 0 && shape.layers[static_cast<std::size_t>(t.layer)].mtp) continue;
      sum += active_elements(shape, t);
    }
  }
  return sum;
}

}  // namespace hardscape
