#include "api/serving_way.hpp"

#include <fmt/format.h>

#include "hardscape/fit_tensor_split.hpp"

namespace hardscape::api {

std::optional<Backend> serving_engine(const ComputeDevice& device, std::string_view quant, std::string_view system) {
  if (device.device_class != DeviceClass::gpu || (!system.empty() && system != "Linux") || !is_served_fast(quant)) return std::nullopt;
  auto engine = serving_backend(device.vendor, "gpu");
  if (!engine || !refusal(*engine, quant, device.vendor, device.architecture, false).empty()) return std::nullopt;
  return engine;
}

std::string say(const ServingWay& way) {
  const std::string& name = way.backend.name;
  if (way.copies > 1) return fmt::format("{}, a copy on each of {} devices", name, way.copies);
  if (way.split.count < 2) return name;
  return fmt::format("{}, {} over {} devices", name, way.split.kind == SplitKind::tensor ? "tensor parallel" : "layers split", way.split.count);
}

std::vector<ServingWay> serving_ways(const Backend& engine, const ModelShape& shape, const ModelWeights& weights, Bytes memory, int devices,
                                     std::int64_t context, int requests) {
  std::vector<ServingWay> ways;
  const auto add_if_it_fits = [&](const ServingWay& way) {
    const auto split = tensor_split(shape, weights, memory, way.split.count, context, way.batch(requests));
    if (split && split->fits()) ways.push_back(way);
  };
  add_if_it_fits({engine, {SplitKind::tensor, devices, 0, false, nullptr}, 1});
  if (devices > 1) add_if_it_fits({engine, {SplitKind::tensor, 1, 0, false, nullptr}, devices});
  return ways;
}

}  // namespace hardscape::api
