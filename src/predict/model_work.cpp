#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hardscape/predict.hpp"

namespace hardscape {
namespace {

constexpr double k_bits = 8;
constexpr double k_wide_bits = 12;  // a weight, in a file that is mostly 16 bits
constexpr double k_byte_bits = 7;
// What a decoder of N parameters looks like when only N is known: Llama's family from 1B to 405B follows these
// powers within a few percent. Keys and values: 8 heads of 128, both in 16 bits.
constexpr double k_layers_at_7b = 32;
constexpr double k_layers_power = 0.4;
constexpr double k_hidden_at_7b = 4096;
constexpr double k_hidden_power = 0.3;
constexpr double k_fewest_layers = 8;
constexpr double k_kv_bytes_per_layer = 2.0 * 8 * 128 * 2;
constexpr double k_seven = 7e9;

// The input embedding is not read whole for a token, unless it is the output head too (small models tie them).
double read_of(double params) {
  const double hidden = k_hidden_at_7b * std::pow(params / k_seven, k_hidden_power);
  return params > 3e9 ? params - 100e3 * hidden : params;
}

Error no_size(std::string_view name, std::string_view quant) {
  return {ErrorCode::invalid_argument,
          fmt::format("The size of \"{}\" at \"{}\" follows from nothing given: it needs parameters and a known "
                      "quantisation, or a file size.", name, quant)};
}

}  // namespace

Result<ModelWork> model_work(std::string_view name, std::optional<double> params, std::optional<double> active_params,
                             std::string_view quant, std::optional<Bytes> file) {
  ModelWork work;
  work.name = name;
  work.quant = quant;
  const auto format = quantisation(quant);
  if (format) work.weights = format->kind;
  if (params && *params > 0) work.params = *params;
  else if (file && format) work.params = static_cast<double>(file->value) * k_bits / format->bits_per_weight;
  else return no_size(name, quant);
  if (file && file->value > 0) work.weight_bytes = static_cast<double>(file->value);
  else if (format) work.weight_bytes = work.params * format->bits_per_weight / k_bits;
  else return no_size(name, quant);
  // A file far smaller than its name says holds most weights in another format ("F16" of a model published in MXFP4).
  const double bits = work.weight_bytes * k_bits / work.params;
  if (!format || (work.weights == WeightKind::float16 && bits < k_wide_bits))
    work.weights = bits > k_wide_bits ? WeightKind::float16 : bits > k_byte_bits ? WeightKind::eight_bit : WeightKind::four_bit;
  work.shape_assumed = true;
  work.layers = std::max(k_fewest_layers, std::round(k_layers_at_7b * std::pow(work.params / k_seven, k_layers_power)));
  work.hidden = k_hidden_at_7b * std::pow(work.params / k_seven, k_hidden_power);
  work.attention_layers = work.layers;
  work.attention_width = work.hidden;
  work.kv_bytes_per_token = work.layers * k_kv_bytes_per_layer;
  work.read_params = read_of(work.params);
  if (active_params && *active_params > 0 && *active_params < 0.9 * work.params) {
    work.experts = true;
    work.read_params = *active_params;
    // Mixtures are shallower than dense models of their size: as deep as dense ones of the geometric mean.
    const double like = std::sqrt(work.params * *active_params);
    work.layers = std::max(k_fewest_layers, std::round(k_layers_at_7b * std::pow(like / k_seven, k_layers_power)));
    work.hidden = k_hidden_at_7b * std::pow(*active_params / k_seven, k_hidden_power);
    work.attention_layers = work.layers;
    work.attention_width = work.hidden;
    work.kv_bytes_per_token = work.layers * k_kv_bytes_per_layer / 2;
  }
  work.read_bytes = work.weight_bytes * work.read_params / work.params;
  return work;
}

}  // namespace hardscape
