#include "predict/serving_engine.hpp"

#include <algorithm>

#include "predict/data_file.hpp"
#include "predict/parameters.hpp"

namespace hardscape::predict {
namespace {

struct ServingTable {
  std::vector<std::string> engines;
  DecodeParameters decode;
  PrefillParameters prefill;
};

const ServingTable& serving_table() {
  static const ServingTable k_table = [] {
    ServingTable out;
    DataFile file("backends/serving.json");
    out.engines = file.root().texts("engines");
    take(out.decode, file.root().object("decode"), decode_parameters());
    take(out.prefill, file.root().object("prefill"), prefill_parameters());
    return out;
  }();
  return k_table;
}

}  // namespace

std::optional<Served> as_served(const ComputeDevice& device, const Backend& backend) {
  if (device.device_class != DeviceClass::gpu) return std::nullopt;  // nothing else was measured serving
  const auto& table = serving_table();
  if (std::find(table.engines.begin(), table.engines.end(), backend.engine) == table.engines.end()) return std::nullopt;
  Served out{device, backend};
  out.device.architecture = nullptr;
  out.backend.engine.clear();
  out.backend.decode = table.decode;
  out.backend.prefill = table.prefill;
  return out;
}

}  // namespace hardscape::predict
