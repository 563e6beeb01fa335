#include "engine/synthetic/random_rows.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hardscape {
namespace {

bool ends_with(const std::string& name, std::string_view end) { return name.size() >= end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0; }
bool contains(const std::string& name, std::string_view part) { return name.find(part) != std::string::npos; }

// The same value everywhere, where randomness would make numbers explode.
std::optional<float> constant_of(const std::string& name) {
  if (contains(name, "ssm_a")) return -0.5f;                       // decay rates are negative
  if (contains(name, "norm") && ends_with(name, ".weight")) return 1.0f;
  if (contains(name, "rope_factors") || contains(name, "rope_freqs")) return 1.0f;
  if (ends_with(name, "ssm_d") || contains(name, "scale")) return 1.0f;
  if (ends_with(name, ".bias") || contains(name, "exp_probs_b") || contains(name, "sinks") || contains(name, "ssm_dt")) return 0.0f;
  return std::nullopt;
}

double deviation_of(const TensorPlan& tensor) {
  const double row = static_cast<double>(std::max<std::int64_t>(1, tensor.dims.empty() ? 1 : tensor.dims[0]));
  // A router with full-size weights would send nearly every token to the same experts.
  return (contains(tensor.name, "ffn_gate_inp") ? 0.01 : 1.0) / std::sqrt(row);
}

}  // namespace

float RandomRows::draw(double deviation) {
  constexpr std::uint64_t k_one_in = 1000;
  constexpr double k_wider = 20;
  const double wide = outliers_ && random_.below(k_one_in) == 0 ? k_wider : 1;
  return static_cast<float>(wide * deviation * random_.normal());
}

const std::string& RandomRows::pool_of(const TensorPlan& tensor) {
  const std::int64_t row = tensor.dims.empty() ? 1 : tensor.dims[0];
  const auto constant = constant_of(tensor.name);
  const std::string key = std::to_string(tensor.type) + "|" + std::to_string(row) + "|" + (constant ? std::to_string(*constant) : std::to_string(deviation_of(tensor)));
  auto& pool = pools_[key];
  if (!pool.empty()) return pool;
  constexpr std::int64_t k_pool_elements = 1 << 20;
  const std::int64_t rows = std::max<std::int64_t>(1, k_pool_elements / row);
  std::vector<float> values(static_cast<std::size_t>(rows * row));
  const double deviation = deviation_of(tensor);
  for (auto& value : values) value = constant ? *constant : draw(deviation);
  const auto type = static_cast<ggml_type>(tensor.type);
  pool.resize(static_cast<std::size_t>(rows) * api_->ggml_row_size(type, row));
  // The smallest formats are told how much each column matters; equally.
  const std::vector<float> importance(static_cast<std::size_t>(row), 1.0f);
  api_->ggml_quantize_chunk(type, values.data(), pool.data(), 0, rows, row, importance.data());
  return pool;
}

void RandomRows::fill(const TensorPlan& tensor, std::uint64_t offset, std::uint64_t most, std::string& out) {
  const std::string& pool = pool_of(tensor);
  while (most > 0) {
    const std::uint64_t at = offset % pool.size();
    const std::uint64_t count = std::min<std::uint64_t>(most, pool.size() - at);
    out.append(pool, at, count);
    offset += count;
    most -= count;
  }
}

}  // namespace hardscape
