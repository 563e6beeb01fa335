#include "spreads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

namespace hardscape::accuracy {
namespace {

constexpr std::size_t k_fewest = 20;     // rows, for an interval of their own
constexpr std::size_t k_fewest_devices = 8;
// Tails cut at 4 % of the residuals hold 8 of 10 measurements of devices that are in none of them: a new device differs
// from the known ones by more than their rows differ among themselves (cross-validated, see docs/accuracy.md).
constexpr double k_tail = 0.04;
constexpr double k_narrowest = 1.06;     // no interval is narrower than measurements repeat

struct Residual {
  double value;   // ln(measured / predicted)
  double weight;
  std::string device;
};

double quantile(std::vector<Residual>& values, double q) {
  std::sort(values.begin(), values.end(), [](const Residual& a, const Residual& b) { return a.value < b.value; });
  double all = 0;
  for (const auto& v : values) all += v.weight;
  double sum = 0;
  for (const auto& v : values) {
    sum += v.weight;
    if (sum >= q * all) return v.value;
  }
  return values.back().value;
}

using Key = std::tuple<bool, bool, std::string, std::string>;  // prefill, calibrated, class, back end

}  // namespace

std::vector<SpreadRow> spreads(const std::vector<Sample>& samples, int without_fold) {
  std::map<Key, std::vector<Residual>> groups;
  for (const auto& sample : samples) {
    if (sample.fold == without_fold) continue;
    const std::string single = std::string{to_string(sample.device().device_class)};
    const auto add = [&](bool calibrated, double log_ratio) {
      const Residual residual{-log_ratio, sample.trusted ? 1.0 : 0.7, sample.question.device_ids.front()};
      const bool prefill = sample.question.prefill;
      groups[{prefill, calibrated, single, sample.question.backend.id}].push_back(residual);
      groups[{prefill, calibrated, single, ""}].push_back(residual);
      groups[{prefill, calibrated, "", sample.question.backend.id}].push_back(residual);
      groups[{prefill, calibrated, "", ""}].push_back(residual);
    };
    add(false, sample.log_ratio);
    if (!std::isnan(sample.calibrated)) add(true, sample.calibrated);
  }
  std::vector<SpreadRow> rows;
  for (auto& [key, values] : groups) {
    const auto& [prefill, calibrated, device_class, backend] = key;
    std::map<std::string, int> devices;
    for (const auto& value : values) ++devices[value.device];
    // A device with very many rows does not decide alone.
    for (auto& value : values) value.weight *= std::pow(devices[value.device], -0.5);
    const bool general = device_class.empty() && backend.empty();
    if (!general && (values.size() < k_fewest || devices.size() < k_fewest_devices)) continue;
    rows.push_back({prefill, calibrated, device_class, backend, std::min(1 / k_narrowest, std::exp(quantile(values, k_tail))),
                    std::max(k_narrowest, std::exp(quantile(values, 1 - k_tail))), values.size()});
  }
  const auto rank = [](const SpreadRow& r) {
    return !r.device_class.empty() && !r.backend.empty() ? 0 : !r.backend.empty() ? 1 : !r.device_class.empty() ? 2 : 3;
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const SpreadRow& a, const SpreadRow& b) { return rank(a) < rank(b); });
  return rows;
}

const SpreadRow* find_spread(const std::vector<SpreadRow>& rows, const Sample& sample, bool calibrated) {
  const auto device_class = to_string(sample.device().device_class);
  for (const auto& row : rows)
    if (row.prefill == sample.question.prefill && row.calibrated == calibrated &&
        (row.device_class.empty() || row.device_class == device_class) &&
        (row.backend.empty() || row.backend == sample.question.backend.id))
      return &row;
  return nullptr;
}

std::string spreads_as_json(const std::vector<SpreadRow>& rows) {
  nlohmann::ordered_json out;
  out["schema"] = "hardscape.prediction_spreads/1";
  out["note"] = "Written by the accuracy bench: factors between which 8 of 10 measurements lay around the prediction, "
                "from devices that the parameters were not fitted to. The first row that matches counts.";
  out["per_assumption"] = 1.15;
  out["per_batch"] = 1.2;
  for (const auto& row : rows) {
    nlohmann::ordered_json record;
    record["phase"] = row.prefill ? "prefill" : "decode";
    if (row.calibrated) record["calibrated"] = true;
    if (!row.device_class.empty()) record["class"] = row.device_class;
    if (!row.backend.empty()) record["backend"] = row.backend;
    record["low"] = std::stod(fmt::format("{:.3f}", row.low));
    record["high"] = std::stod(fmt::format("{:.3f}", row.high));
    record["rows"] = row.count;
    out["spreads"].push_back(record);
  }
  return out.dump(1) + "\n";
}

}  // namespace hardscape::accuracy
