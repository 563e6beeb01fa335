#include "baselines.hpp"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

namespace hardscape::accuracy {
namespace {

constexpr double k_llmfit_efficiency = 0.55;
constexpr double k_llmfit_tensor_parallel = 0.9;
constexpr double k_llmfit_cpu = 0.3;
constexpr double k_billion = 1e9;

// Nominal bytes per weight of llmfit's speed formula.
double llmfit_bytes(WeightKind kind, double bits) {
  switch (kind) {
    case WeightKind::float32: return 4;
    case WeightKind::float16: return 2;
    case WeightKind::eight_bit: return 1;
    default: return bits < 3.5 ? 0.37 : 0.5;
  }
}

double llmfit_expert_factor(double active_b) {
  if (active_b <= 0) return 0.60;
  if (active_b <= 8) return 0.90;
  if (active_b <= 16) return 0.85;
  if (active_b <= 32) return 0.80;
  return active_b <= 64 ? 0.70 : 0.40;
}

struct SizeClass {
  double from = 0;
  double to = 0;
  std::map<std::string, double> speeds;
};

const std::vector<SizeClass>& guide() {
  static const std::vector<SizeClass> k_guide = [] {
    std::vector<SizeClass> out;
    std::ifstream file(HARDSCAPE_SOURCE_DIR "/bench/accuracy/guide_speeds.json");
    const auto json = nlohmann::json::parse(file, nullptr, false);
    if (!json.is_object()) return out;
    for (const auto& row : json["classes"])
      out.push_back({row["from_b"], row["to_b"], row["speeds"].get<std::map<std::string, double>>()});
    return out;
  }();
  return k_guide;
}

}  // namespace

std::optional<double> bandwidth_rule(const Sample& sample) {
  if (sample.question.prefill) return std::nullopt;
  const auto& model = sample.question.model;
  return sample.device().bandwidth.value / (model.weight_bytes * model.read_params / model.params);
}

std::optional<double> llmfit_formula(const Sample& sample) {
  if (sample.question.prefill) return std::nullopt;
  const auto& model = sample.question.model;
  const double bits = model.weight_bytes * 8 / model.params;
  const double bytes = llmfit_bytes(model.weights, bits);
  double mode = sample.question.split.kind == SplitKind::tensor && sample.row->count > 1 ? k_llmfit_tensor_parallel : 1;
  if (sample.question.backend.api == "cpu") mode = k_llmfit_cpu;
  const double expert = model.experts ? llmfit_expert_factor(model.read_params / k_billion) : 1;
  return sample.device().bandwidth.value / (model.read_params * bytes) * k_llmfit_efficiency * mode * expert;
}

std::optional<double> guide_table(const Sample& sample) {
  if (sample.question.prefill || sample.row->count != 1 || sample.question.model.experts) return std::nullopt;
  const double bits = sample.question.model.weight_bytes * 8 / sample.question.model.params;
  if (bits < 4 || bits > 5.3) return std::nullopt;
  const double size = sample.question.model.params / k_billion;
  for (const auto& row : guide())
    if (size >= row.from && size <= row.to)
      if (const auto at = row.speeds.find(sample.question.device_ids.front()); at != row.speeds.end()) return at->second;
  return std::nullopt;
}

}  // namespace hardscape::accuracy
