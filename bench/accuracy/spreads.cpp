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

std::vector<SpreadRow> spreads(const std::vector<Sample>& samples, const Widening& widen, int without_fold) {
  std::map<Key, std::vector<Residual>> groups;
  for (const auto& sample : samples) {
    const auto add = [&](bool calibrated, double log_ratio) {
      const Residual residual{-log_ratio, sample.trusted ? 1.0 : 0.7, sample.question.device_ids.front()};
      const bool prefill = sample.question.prefill;
      const auto& kind = sample.device_class;
      for (const auto& key : {Key{prefill, calibrated, kind, sample.question.backend.id}, Key{prefill, calibrated, kind, ""},
                              Key{prefill, calibrated, "", ""}}) {
        auto& group = groups[key];  // a class whose only devices are left out has a row of the general kind
        if (sample.fold != without_fold) group.push_back(residual);
      }
    };
    add(false, sample.log_ratio);
    if (!std::isnan(sample.calibrated)) add(true, sample.calibrated);
  }
  std::vector<SpreadRow> rows;
  for (auto& [key, values] : groups) {
    const auto& [prefill, calibrated, device_class, backend] = key;
    std::map<std::string, int> devices;
    for (const auto& value : values) ++devices[value.device];
    const bool thin = values.size() < k_fewest || devices.size() < k_fewest_devices;
    if (thin && !backend.empty()) continue;
    auto& used = values.empty() ? groups[{prefill, calibrated, "", ""}] : values;
    if (used.empty()) continue;
    // A device with very many rows does not decide alone.
    for (auto& value : used)
      if (const auto at = devices.find(value.device); at != devices.end()) value.weight *= std::pow(at->second, -0.5);
    const auto wide = widen.find({prefill, device_class});
    const double more = wide == widen.end() || calibrated ? 0 : wide->second;
    rows.push_back({prefill, calibrated, device_class, backend,
                    std::min(1 / k_narrowest, std::exp(quantile(used, k_tail) - more)),
                    std::max(k_narrowest, std::exp(quantile(used, 1 - k_tail) + more)), values.size()});
  }
  const auto rank = [](const SpreadRow& r) { return !r.backend.empty() ? 0 : !r.device_class.empty() ? 1 : 2; };
  std::stable_sort(rows.begin(), rows.end(), [&](const SpreadRow& a, const SpreadRow& b) { return rank(a) < rank(b); });
  return rows;
}

Widening widening(const std::vector<Sample>& samples, int folds) {
  std::map<std::pair<bool, std::string>, std::vector<const Sample*>> classes;
  for (const auto& sample : samples) classes[{sample.question.prefill, sample.device_class}].push_back(&sample);
  // All classes are bisected together: each has intervals of its own.
  std::map<std::pair<bool, std::string>, std::pair<double, double>> between;
  for (const auto& [key, rows] : classes) between[key] = {k_least_widening, k_most_widening};
  for (int i = 0; i < k_halvings; ++i) {
    Widening middle;
    for (const auto& [key, range] : between) middle[key] = (range.first + range.second) / 2;
    std::map<std::pair<bool, std::string>, std::size_t> inside;
    for (int fold = 0; fold < folds; ++fold) {
      const auto rows = spreads(samples, middle, fold);
      for (const auto& sample : samples) {
        if (sample.fold != fold) continue;
        const auto* spread = find_spread(rows, sample);
        const double factor = std::exp(-sample.log_ratio);
        if (spread != nullptr && factor >= spread->low && factor <= spread->high)
          ++inside[{sample.question.prefill, sample.device_class}];
      }
    }
    for (auto& [key, range] : between) {
      const bool enough = static_cast<double>(inside[key]) >= k_wanted * static_cast<double>(classes[key].size());
      (enough ? range.second : range.first) = middle[key];
    }
  }
  Widening out;
  for (const auto& [key, range] : between) out[key] = range.second;
  return out;
}

const SpreadRow* find_spread(const std::vector<SpreadRow>& rows, const Sample& sample, bool calibrated) {
  const std::string& device_class = sample.device_class;
  for (const auto& row : rows)
    if (row.prefill == sample.question.prefill && row.calibrated == calibrated &&
        (row.device_class.empty() || row.device_class == device_class) &&
        (row.backend.empty() || row.backend == sample.question.backend.id))
      return &row;
  return nullptr;
}

std::string spreads_as_json(const std::vector<SpreadRow>& rows, const SpreadRow& serving) {
  const auto rounded = [](double value) { return std::stod(fmt::format("{:.3f}", value)); };
  nlohmann::ordered_json out;
  out["schema"] = "hardscape.prediction_spreads/1";
  out["note"] = "Written by the accuracy bench: factors between which 8 of 10 measurements lay around the prediction, "
                "from devices that the parameters were not fitted to. The first row that matches counts.";
  out["per_assumption"] = 1.15;
  out["per_batch"] = 1.2;
  out["serving"] = {{"low", rounded(serving.low)}, {"high", rounded(serving.high)}, {"rows", serving.count}};
  for (const auto& row : rows) {
    nlohmann::ordered_json record;
    record["phase"] = row.prefill ? "prefill" : "decode";
    if (row.calibrated) record["calibrated"] = true;
    if (!row.device_class.empty()) record["class"] = row.device_class;
    if (!row.backend.empty()) record["backend"] = row.backend;
    record["low"] = rounded(row.low);
    record["high"] = rounded(row.high);
    record["rows"] = row.count;
    out["spreads"].push_back(record);
  }
  return out.dump(1) + "\n";
}

}  // namespace hardscape::accuracy
