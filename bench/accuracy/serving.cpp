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
  if (row.devices > 1) set_link(*computes, *device, row.devices, catalogue);
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

std::string serving_report(const Catalogue& catalogue) {
  std::ifstream file(HARDSCAPE_SOURCE_DIR "/bench/accuracy/serving_measured.json");
  const auto json = Json::parse(file, nullptr, false);
  if (!json.is_object()) return {};
  std::string out = "\n## Serving\n\nNothing is fitted to these rows: parameters of `data/backends/serving.json`, links from the catalogue.\n\n"
                    "| rows | rows | mean error | median error | in interval |\n|---|---:|---:|---:|---:|\n";
  for (const bool throughput : {false, true}) {
    const Json& part = json[throughput ? "throughput" : "time_per_output_token"];
    const std::string what = throughput ? "throughput" : "time per output token";
    std::map<std::string, Errors> groups;
    int refused = 0;
    for (const auto& r : part["rows"]) {
      const Row row = row_of(r);
      const bool wide_cache = throughput && row.weights == "FP16";
      const auto serving = predicted(row, wide_cache ? k_f16_bytes : part["kv_bytes_per_element"].get<double>(), catalogue);
      if (!serving) {
        ++refused;
        continue;
      }
      const double measured = throughput ? row.measured : row.measured / 1e3;
      const auto& said = throughput ? serving->output_tokens_per_s : serving->time_per_output_token_s;
      const bool inside = measured >= said.low && measured <= said.high;
      for (const auto& name : {what + ", all", what + ", " + row.device, what + ", " + row.backend, what + ", " + row.model + " " + row.weights})
        groups[name].add(said.mid, measured, inside);
    }
    for (auto& [name, errors] : groups) out += errors.line(name);
    if (refused > 0) out += fmt::format("| {}, refused: not all requests fit into memory at full length | {} | | | |\n", what, refused);
  }
  return out;
}

}  // namespace hardscape::accuracy
