#include <algorithm>

#include "hardscape/model_memory.hpp"
#include "llm/mixes.hpp"
#include "llm/tensor_plan.hpp"

namespace hardscape {
namespace {

using llm::PlannedTensor;
using llm::Reader;

void count(ModelWeights& w, Reader reader, int layer, Bytes bytes) {
  if (layer < 0 || static_cast<std::size_t>(layer) >= w.layers.size()) {
    switch (reader) {
      case Reader::token_embedding:
        w.token_embedding += bytes;
        return;
      case Reader::per_layer_embedding:
        w.per_layer_embedding += bytes;
        return;
      case Reader::output:
        w.output += bytes;
        return;
      default:
        w.other += bytes;
        return;
    }
  }
  LayerWeights& l = w.layers[static_cast<std::size_t>(layer)];
  switch (reader) {
    case Reader::dense_ffn:
      l.dense_ffn += bytes;
      return;
    case Reader::experts:
      l.experts += bytes;
      return;
    case Reader::shared_experts:
      l.shared_experts += bytes;
      return;
    case Reader::router:
      l.router += bytes;
      return;
    default:
      l.attention += bytes;
      return;
  }
}

std::int64_t bytes_in(const NumberFormat& format, const PlannedTensor& t) {
  return format.row_bytes(t.columns) * t.rows * t.matrices;
}

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

Result<std::vector<ModelTensor>> tensors_of(const ModelShape& shape, std::string_view quantization) {
  Result<const llm::Mix*> mix = llm::find_mix(quantization);
  if (!mix) return std::move(mix).error();
  Result<std::vector<PlannedTensor>> plan = llm::plan_tensors(shape);
  if (!plan) return std::move(plan).error();
  llm::FormatChooser chooser(**mix, llm::subject_of(shape, *plan));
  std::vector<ModelTensor> tensors;
  tensors.reserve(plan->size());
  for (const PlannedTensor& t : *plan) {
    const NumberFormat& format = chooser.choose(t);
    tensors.push_back({t.name(), {t.columns, t.rows, t.matrices, 1}, format.name, Bytes{bytes_in(format, t)}});
  }
  return tensors;
}

Result<ModelWeights> weights_of(const ModelShape& shape, std::string_view quantization) {
  Result<const llm::Mix*> mix = llm::find_mix(quantization);
  if (!mix) return std::move(mix).error();
  Result<std::vector<PlannedTensor>> plan = llm::plan_tensors(shape);
  if (!plan) return std::move(plan).error();
  ModelWeights w;
  w.quantization = (*mix)->summary.id;
  w.layers.resize(shape.layers.size());
  llm::FormatChooser chooser(**mix, llm::subject_of(shape, *plan));
  std::vector<std::int64_t> by_format(number_formats().size(), 0);
  for (const PlannedTensor& t : *plan) {
    const NumberFormat& format = chooser.choose(t);
    const std::int64_t bytes = bytes_in(format, t);
    by_format[static_cast<std::size_t>(&format - number_formats().data())] += bytes;
    count(w, t.role->reader, t.layer, Bytes{bytes});
    w.parameters += t.elements();
  }
  for (std::size_t i = 0; i < by_format.size(); ++i) {
    if (by_format[i] > 0) w.by_format[number_formats()[i].name] = Bytes{by_format[i]};
  }
  return w;
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
    count(w, llm::role_of_name(t.name).reader, layer, t.bytes);
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
