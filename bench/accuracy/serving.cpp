#include "serving.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "api/device_link.hpp"
#include "hardscape/predict.hpp"

namespace hardscape::accuracy {
namespace {

using Json = nlohmann::json;

constexpr double k_f16_bytes = 2;
constexpr double k_used_memory = 0.9;  // of the device, by the engine's default
constexpr int k_most_requests = 2048;  // TensorRT-LLM's default limit of a batch

struct Row {
  std::string model, device, backend, weights;
  double prompt = 0, output = 0, concurrency = 0, measured = 0;
  int devices = 1;
};

Row row_of(const Json& r) {
  return {r[0].get<std::string>(), r[1].get<std::string>(), r[2].get<std::string>(), r[3].get<std::string>(),
          r[4].get<double>(),      r[5].get<double>(),      r[6].get<double>(),      r[8].get<double>(), r[7].get<int>()};
}

std::optional<Serving> predicted(const Row& row, double kv_bytes, const Catalogue& catalogue) {
  const auto machine = machine_from_name(row.device, catalogue);
  const auto* record = catalogue.find_model(row.model);
  const auto* device = catalogue.find_device(row.device);
  const auto* backend = find_backend(row.backend);
  if (!machine || record == nullptr || device == nullptr || backend == nullptr) return std::nullopt;
  auto computes = compute_device(*machine);
  auto model = model_work(*record, row.weights);
  if (!computes || !model) return std::nullopt;
  if (row.devices > 1) take_link(*computes, device_link(*device, row.devices, catalogue));
  model->kv_bytes_per_token *= kv_bytes / k_f16_bytes;
  int flight = static_cast<int>(row.concurrency);
  if (flight == 0) {
    const double room = k_used_memory * static_cast<double>(computes->memory->value) * row.devices - model->weight_bytes;
    flight = std::clamp(static_cast<int>(room / (model->kv_bytes_per_token * (row.prompt + row.output))), 1, k_most_requests);
  }
  const auto serving = predict_serving(*computes, *model, row.prompt, row.output, flight, *backend,
                                       {SplitKind::tensor, row.devices, 0, false, nullptr});
  if (!serving) return std::nullopt;
  return *serving;
}

// A row and what was said of it.
struct Answered {
  const char* what = "";
  Row row;
  double said = 0;
  double measured = 0;
  double rate = 0;  // ln(measured / predicted) of tokens a second
};

struct Answers {
  std::vector<Answered> rows;
  std::map<std::string, int> refused;
};

Answers answers(const Catalogue& catalogue) {
  Answers out;
  std::ifstream file(HARDSCAPE_SOURCE_DIR "/bench/accuracy/serving_measured.json");
  const auto json = Json::parse(file, nullptr, false);
  if (!json.is_object()) return out;
  for (const bool throughput : {false, true}) {
    const Json& part = json[throughput ? "throughput" : "time_per_output_token"];
    const char* what = throughput ? "throughput" : "time per output token";
    for (const auto& r : part["rows"]) {
      const Row row = row_of(r);
      const bool wide_cache = throughput && row.weights == "FP16";
      const auto serving = predicted(row, wide_cache ? k_f16_bytes : part["kv_bytes_per_element"].get<double>(), catalogue);
      if (!serving) {
        ++out.refused[what];
        continue;
      }
      const double measured = throughput ? row.measured : row.measured / 1e3;
      const double said = throughput ? serving->output_tokens_per_s.mid : serving->time_per_output_token_s.mid;
      out.rows.push_back({what, row, said, measured, (throughput ? 1 : -1) * std::log(measured / said)});
    }
  }
  return out;
}

// Between the 10th and the 90th percentile of the other devices' residuals, moved apart by `more`.
SpreadRow spread_of(const std::vector<Answered>& rows, double more, std::string_view without_device) {
  std::vector<double> rates;
  for (const auto& a : rows)
    if (a.row.device != without_device) rates.push_back(a.rate);
  if (rates.empty()) return {};
  std::sort(rates.begin(), rates.end());
  const auto at = [&](double share) { return rates[static_cast<std::size_t>(share * static_cast<double>(rates.size() - 1))]; };
  SpreadRow out;
  out.low = std::min(std::exp(at(k_tail) - more), 1 / k_narrowest);
  out.high = std::max(std::exp(at(1 - k_tail) + more), k_narrowest);
  out.count = rates.size();
  return out;
}

bool is_inside(const Answered& a, const SpreadRow& spread) {
  const double rate = std::exp(a.rate);
  return rate >= spread.low && rate <= spread.high;
}

// By how much, so that as many rows lie inside the interval of the other devices as is wanted.
double widening_of(const std::vector<Answered>& rows) {
  double low = k_least_widening, high = k_most_widening;
  for (int i = 0; i < k_halvings; ++i) {
    const double middle = (low + high) / 2;
    const auto inside = std::count_if(rows.begin(), rows.end(), [&](const Answered& a) { return is_inside(a, spread_of(rows, middle, a.row.device)); });
    (static_cast<double>(inside) >= k_wanted * static_cast<double>(rows.size()) ? high : low) = middle;
  }
  return high;
}

struct Errors {
  std::vector<double> all;
  double sum = 0;
  int in = 0;

  void add(double said, double measured, bool inside) {
    all.push_back(std::abs(said / measured - 1));
    sum += all.back();
    in += inside ? 1 : 0;
  }
  std::string line(std::string_view name) {
    std::sort(all.begin(), all.end());
    const auto n = static_cast<double>(all.size());
    return fmt::format("| {} | {} | {:.1f} % | {:.1f} % | {:.0f} % |\n", name, all.size(), 100 * sum / n, 100 * all[all.size() / 2],
                       100 * in / n);
  }
};

}  // namespace

SpreadRow serving_spread(const Catalogue& catalogue) {
  const auto rows = answers(catalogue).rows;
  return spread_of(rows, widening_of(rows), {});
}

std::string serving_report(const Catalogue& catalogue) {
  const Answers all = answers(catalogue);
  std::string out =
      "\n## Serving\n\nNothing is fitted to these rows: parameters of `data/backends/serving.json`, links from the catalogue. The "
      "interval is that of the other devices' rows.\n\n| rows | rows | mean error | median error | in interval |\n|---|---:|---:|---:|---:|\n";
  std::map<std::string, Errors> groups;
  const double more = widening_of(all.rows);
  for (const auto& a : all.rows) {
    const bool inside = is_inside(a, spread_of(all.rows, more, a.row.device));
    const std::string what = a.what;
    for (const auto& name : {what + ", all", what + ", " + a.row.device, what + ", " + a.row.backend, what + ", " + a.row.model + " " + a.row.weights})
      groups[name].add(a.said, a.measured, inside);
  }
  for (auto& [name, errors] : groups) out += errors.line(name);
  for (const auto& [what, count] : all.refused)
    out += fmt::format("| {}, refused: not all requests fit into memory at full length | {} | | | |\n", what, count);
  return out;
}

}  // namespace hardscape::accuracy
