#include "predict/serving_engine.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

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
    const auto file = data_file("backends/serving.json");
    out.engines = file.value("engines", std::vector<std::string>{});
    const auto decode = file.value("decode", nlohmann::json::object());
    for (const auto& p : decode_parameters()) out.decode.*p.member = decode.value(std::string{p.name}, out.decode.*p.member);
    const auto prefill = file.value("prefill", nlohmann::json::object());
    for (const auto& p : prefill_parameters())
      out.prefill.*p.member = prefill.value(std::string{p.name}, out.prefill.*p.member);
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
