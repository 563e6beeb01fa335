#include "hardscape/weight_layout.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "llm/mixes.hpp"
#include "llm/tensor_plan.hpp"
#include "llm/weight_parts.hpp"

namespace hardscape {
namespace {

using llm::PlannedTensor;

bool is_like(const PlannedTensor& a, const PlannedTensor& b) {
  return a.role == b.role && a.columns == b.columns && a.rows == b.rows && a.matrices == b.matrices;
}

// Tensors that get the same format at the same place, counted over the model.
struct Alike {
  PlannedTensor tensor;  // the first of them
  std::int64_t copies = 0;
};

// The same in one mix.
struct Laid {
  const NumberFormat* format = nullptr;  // null: each copy's place decides
  Bytes bytes;                           // of one copy
};

// Layers of one kind in one mix.
struct LaidKind {
  LayerWeights settled;             // of the tensors whose format is the same in every such layer
  std::vector<std::size_t> placed;  // the others and those that are counted with them, in file order
};

}  // namespace

struct WeightLayout::Inside {
  std::string architecture;
  llm::MixSubject subject;  // views the architecture
  std::vector<Alike> alike;
  std::vector<std::size_t> outside;             // indices into alike, in file order
  std::vector<std::vector<std::size_t>> kinds;  // likewise, of a layer of each kind
  std::vector<std::size_t> kind_of;             // one a layer
  std::int64_t parameters = 0;

  std::size_t add(const PlannedTensor& t, std::int64_t copies) {
    parameters += t.elements() * copies;
    const auto same = std::find_if(alike.begin(), alike.end(), [&](const Alike& a) { return is_like(a.tensor, t); });
    const auto index = static_cast<std::size_t>(same - alike.begin());
    if (same == alike.end()) alike.push_back({t, 0});
    alike[index].copies += copies;
    return index;
  }
};

Result<WeightLayout> WeightLayout::of(const ModelShape& shape) {
  Result<llm::TensorPlan> plan = llm::plan_of(shape);
  if (!plan) return std::move(plan).error();
  auto inside = std::make_shared<Inside>();
  inside->architecture = shape.architecture;
  inside->subject = llm::subject_of(shape, *plan);
  inside->subject.architecture = inside->architecture;
  for (const PlannedTensor& t : plan->outside) inside->outside.push_back(inside->add(t, 1));
  for (std::size_t k = 0; k < plan->kinds.size(); ++k) {
    const auto layers = std::count(plan->kind_of.begin(), plan->kind_of.end(), k);
    auto& kind = inside->kinds.emplace_back();
    kind.reserve(plan->kinds[k].size());
    for (const PlannedTensor& t : plan->kinds[k]) kind.push_back(inside->add(t, layers));
  }
  inside->kind_of = std::move(plan->kind_of);
  return WeightLayout(std::move(inside));
}

Result<ModelWeights> WeightLayout::in(std::string_view quantization) const {
  Result<const llm::Mix*> mix = llm::find_mix(quantization);
  if (!mix) return std::move(mix).error();
  const Inside& model = *inside_;
  llm::FormatChooser chooser(**mix, model.subject);
  std::vector<Bytes> by_format(number_formats().size());
  const auto counted = [&by_format](const NumberFormat& format) -> Bytes& {
    return by_format[static_cast<std::size_t>(&format - number_formats().data())];
  };

  std::vector<Laid> laid;
  laid.reserve(model.alike.size());
  for (const Alike& a : model.alike) {
    const NumberFormat* format = chooser.anywhere(a.tensor);
    laid.push_back({format, format != nullptr ? llm::bytes_in(*format, a.tensor) : Bytes{0}});
    if (format != nullptr) counted(*format) += laid.back().bytes * a.copies;
  }
  // The next tensor in file order.
  const auto place = [&](std::size_t index, int layer) {
    PlannedTensor t = model.alike[index].tensor;
    if (laid[index].format != nullptr) {
      chooser.pass(t);
      return laid[index].bytes;
    }
    t.layer = static_cast<std::int16_t>(layer);
    const NumberFormat& format = chooser.here(t);
    chooser.pass(t);
    const Bytes bytes = llm::bytes_in(format, t);
    counted(format) += bytes;
    return bytes;
  };

  ModelWeights w;
  w.quantization = (*mix)->summary.id;
  w.parameters = model.parameters;
  for (const std::size_t index : model.outside) {
    llm::part_of(w, model.alike[index].tensor.role->reader) += place(index, -1);
  }
  std::vector<LaidKind> kinds(model.kinds.size());
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    for (const std::size_t index : model.kinds[k]) {
      const llm::TensorRole& role = *model.alike[index].tensor.role;
      if (chooser.asks_place_of(role.category)) {
        kinds[k].placed.push_back(index);
      } else {
        llm::count(kinds[k].settled, role.reader, laid[index].bytes);
      }
    }
  }
  w.layers.reserve(model.kind_of.size());
  for (std::size_t i = 0; i < model.kind_of.size(); ++i) {
    const LaidKind& kind = kinds[model.kind_of[i]];
    LayerWeights& layer = w.layers.emplace_back(kind.settled);
    for (const std::size_t index : kind.placed) {
      llm::count(layer, model.alike[index].tensor.role->reader, place(index, static_cast<int>(i)));
    }
  }
  for (std::size_t i = 0; i < by_format.size(); ++i) {
    if (by_format[i].value > 0) w.by_format[number_formats()[i].name] = by_format[i];
  }
  return w;
}

Result<ModelWeights> weights_of(const ModelShape& shape, std::string_view quantization) {
  if (Result<const llm::Mix*> mix = llm::find_mix(quantization); !mix) return std::move(mix).error();
  Result<WeightLayout> layout = WeightLayout::of(shape);
  if (!layout) return std::move(layout).error();
  return layout->in(quantization);
}

}  // namespace hardscape
