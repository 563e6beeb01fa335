#include "predict/serving_engine.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "predict/data_file.hpp"
#include "predict/parameters.hpp"

namespace hardscape::predict {
namespace {

struct BitRange {
  double least = 0, most = 0;
};

struct ServingTable {
  std::vector<std::string> engines;
  std::vector<BitRange> fast_bits;
  std::vector<std::string> own_formats, own_format_architectures;   // of weights of four bits that are multiplied as they are
  DecodeParameters decode;
  PrefillParameters prefill;
};

const ServingTable& serving_table() {
  static const ServingTable k_table = [] {
    ServingTable out;
    DataFile file("backends/serving.json");
    out.engines = file.root().texts("engines");
    if (const auto fast = file.root().object("fast_bits"))
      for (const auto& range : fast->array("ranges"))
        if (const auto ends = range.json().elements(); ends.size() == 2) out.fast_bits.push_back({ends[0].number(), ends[1].number()});
    if (const auto own = file.root().object("four_bits_computed_as_they_are")) {
      out.own_formats = own->texts("formats");
      out.own_format_architectures = own->texts("architectures");
    }
    take(out.decode, file.root().object("decode"), decode_parameters());
    take(out.prefill, file.root().object("prefill"), prefill_parameters());
    return out;
  }();
  return k_table;
}

// Weights of four bits are unpacked to sixteen before they are multiplied, where nothing computes in their format.
bool is_unpacked(const ComputeDevice& device, const ModelWork& model) {
  if (model.weights != WeightKind::four_bit && model.weights != WeightKind::k_quant && model.weights != WeightKind::codebook) return false;
  const auto& table = serving_table();
  const auto is_format = [&](const std::string& name) { return equal_ignoring_case(model.quant, name); };
  const auto is_architecture = [&](const std::string& id) { return device.architecture != nullptr && device.architecture->id == id; };
  return std::none_of(table.own_formats.begin(), table.own_formats.end(), is_format) ||
         std::none_of(table.own_format_architectures.begin(), table.own_format_architectures.end(), is_architecture);
}

}  // namespace

std::optional<Served> as_served(const ComputeDevice& device, const ModelWork& model, const Backend& backend) {
  if (device.device_class != DeviceClass::gpu) return std::nullopt;  // nothing else was measured serving
  const auto& table = serving_table();
  if (std::find(table.engines.begin(), table.engines.end(), backend.engine) == table.engines.end()) return std::nullopt;
  Served out{device, backend};
  out.device.architecture = nullptr;
  out.backend.engine.clear();
  out.backend.decode = table.decode;
  out.backend.prefill = table.prefill;
  // PyTorch's products and those of its quantised kernels sum in FP32.
  if (device.matrix_wide_sums.value > 0) out.device.matrix = device.matrix_wide_sums;
  if (is_unpacked(device, model)) out.backend.prefill.matrix_cost = table.prefill.matrix_cost_f16;
  return out;
}

}  // namespace hardscape::predict

namespace hardscape {

bool is_served_fast(std::string_view quant) {
  const auto format = quantisation(quant);
  const auto& ranges = predict::serving_table().fast_bits;
  return format && std::any_of(ranges.begin(), ranges.end(), [&](const predict::BitRange& r) {
           return format->bits_per_weight >= r.least && format->bits_per_weight <= r.most;
         });
}

}  // namespace hardscape
