#include "cli/commands/bench_model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hardscape/gguf.hpp"
#include "hardscape/measurement.hpp"

namespace hardscape::cli {
namespace {

// Of the memory that the weights lie in: the host's, or the first usable GPU's. With several GPUs one works at a time.
const MeasuredBandwidth* bandwidth_for(const BenchReport& report, const Machine& machine, const Evidence& evidence) {
  std::string device = "cpu";
  if (report.engine.backend != "CPU") {
    const auto gpu = std::find_if(machine.accelerators.begin(), machine.accelerators.end(), [](const Accelerator& a) { return a.usable && a.kind == AcceleratorKind::gpu; });
    if (gpu == machine.accelerators.end()) return nullptr;
    device = gpu->id;
  }
  for (const auto& b : evidence.memory_roofs)
    if (b.device == device) return &b;
  return nullptr;
}

std::optional<MemoryRoof> roof_of(const BenchReport& report, const Machine& machine, const Host& host, const Evidence& evidence, const StopRequested& stop) {
  if (const auto* b = bandwidth_for(report, machine, evidence)) return MemoryRoof{b->device, b->kernel, b->value, 0, fmt::format("history entry {} of {}", b->entry, b->when.substr(0, 10)), b->disturbed};
  if (report.engine.backend != "CPU") return std::nullopt;
  MeasureOptions options;
  options.length = MeasureLength::quick;
  options.devices = {"cpu"};
  options.kernels = {"read"};
  options.seconds = 0.5;
  const auto measured = measure(host, machine, options, {}, stop);
  if (!measured) return std::nullopt;
  for (const auto& result : measured->results)
    if (result.kernel == "read" && result.metric == "bandwidth" && result.status == MeasureStatus::ok && result.value && *result.value > 0)
      return MemoryRoof{"cpu", "read", BytesPerSecond{*result.value}, 0, "measured with this benchmark", result.disturbed};
  return std::nullopt;
}

void add_roof(BenchReport& report, const Machine& machine, const Host& host, const Evidence& evidence, const StopRequested& stop) {
  if (!report.bytes_per_token) return;
  report.memory_roof = roof_of(report, machine, host, evidence, stop);
  if (!report.memory_roof) return;
  report.memory_roof->share = report.decode_tokens_per_s.median * static_cast<double>(report.bytes_per_token->value) / report.memory_roof->bandwidth.value;
  // What is above the roof was not measured under the same conditions: a cache held the model, or memory was slower then.
  if (report.memory_roof->share > 1)
    report.notes.push_back({Severity::warning, "above-memory-roof", "Decoding drew more than the measured memory speed: the model lies partly in caches, or memory was disturbed when it was measured.",
                            "Measure memory again: hardscape measure"});
}

}  // namespace

void describe_model(BenchReport& report, const Catalogue& catalogue, const Machine& machine, const Host& host, const Evidence& evidence,
                    const StopRequested& stop) {
  if (report.extrapolation) {
    add_roof(report, machine, host, evidence, stop);
    return;
  }
  report.model.quant = quantisation_in(report.model.description);
  const auto header = read_gguf_file(report.model.path, {.whole = false});
  if (!header) return;
  const auto shape = shape_of(*header);
  if (!shape) return;
  report.model.active_params = active_parameters_of(*shape);
  const auto* record = record_of_shape(catalogue, shape->architecture, shape->layers.size(), shape->hidden, header->parameters());
  if (record != nullptr && report.model.catalogue_id.empty()) report.model.catalogue_id = record->id;

  const auto depth = std::int64_t{report.options.depth} + report.prompt_tokens + report.generated_tokens / 2;
  MemoryOptions options;
  options.kv_type_k = options.kv_type_v = report.options.kv_type;
  const DecodeReads reads = decode_reads(*shape, weights_of(*header, *shape), depth, 1, options);
  report.bytes_per_token = reads.total();
  add_roof(report, machine, host, evidence, stop);
}

}  // namespace hardscape::cli
