#include "api/serving_way.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "hardscape/fit_tensor_split.hpp"

namespace hardscape::api {
namespace {

// Widths that AWQ, GPTQ, FP8, INT8 and 16-bit weights have, with what a GGUF format of as many adds in scales.
struct Width {
  double least, most;
};
constexpr std::array k_fast_widths{Width{4, 4.95}, Width{8, 8.6}, Width{16, 16}};

bool has_fast_kernels(std::string_view quant) {
  const auto format = quantisation(quant);
  return format && std::any_of(k_fast_widths.begin(), k_fast_widths.end(), [&](const Width& w) {
           return format->bits_per_weight >= w.least && format->bits_per_weight <= w.most;
         });
}

}  // namespace

std::optional<Backend> serving_engine(const ComputeDevice& device, std::string_view quant, std::string_view system) {
  if (device.device_class != DeviceClass::gpu || (!system.empty() && system != "Linux") || !has_fast_kernels(quant)) return std::nullopt;
  const bool nvidia = contains_ignoring_case(device.vendor, "nvidia"), amd = contains_ignoring_case(device.vendor, "amd");
  const Backend* engine = nvidia ? find_backend("vllm/cuda") : amd ? find_backend("vllm/rocm") : nullptr;
  if (engine == nullptr || !refusal(*engine, quant, device.vendor, device.architecture, false).empty()) return std::nullopt;
  return *engine;
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
