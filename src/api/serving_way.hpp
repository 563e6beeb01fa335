// With which engine, and split how, devices serve many requests at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/model_memory.hpp"
#include "hardscape/model_shape.hpp"
#include "hardscape/predict.hpp"

namespace hardscape::api {

// The engine made for many requests on such a device: where it runs on the system and has fast kernels for weights of
// as many bits. Nothing otherwise. An empty `system` is one that nobody named.
std::optional<Backend> serving_engine(const ComputeDevice& device, std::string_view quant, std::string_view system);

struct ServingWay {
  Backend backend;
  Split split;
  int copies = 1;   // of the model, each with its part of the requests

  int batch(int requests) const { return (requests + copies - 1) / copies; }
};

// "vLLM, tensor parallel over 2 devices"; "llama.cpp CUDA, layers split over 2 devices"; "vLLM, a copy on each of 2
// devices"; "MLX".
std::string say(const ServingWay& way);

// The ways of an engine made for many requests that have room: over all devices together, or a copy on each.
// `memory` is what the smallest of `devices` equal ones has.
std::vector<ServingWay> serving_ways(const Backend& engine, const ModelShape& shape, const ModelWeights& weights, Bytes memory, int devices,
                                     std::int64_t context, int requests);

}  // namespace hardscape::api
