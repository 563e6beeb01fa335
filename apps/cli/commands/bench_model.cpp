#include "cli/commands/bench_model.hpp"

#include <fmt/format.h>

#include "hardscape/gguf.hpp"

namespace hardscape::cli {
namespace {

// Of the memory that the weights lie in: the host's, or the first accelerator's.
const MeasuredBandwidth* bandwidth_for(const BenchReport& report, const Evidence& evidence) {
  for (const auto& b : evidence.bandwidths)
    if ((report.engine.backend == "CPU") == (b.device == "cpu")) return &b;
  return nullptr;
}

}  // namespace

void describe_model(BenchReport& report, const Catalogue& catalogue, const Evidence& evidence) {
  report.model.quant = quantisation_in(report.model.description);
  const auto header = read_gguf_file(report.model.path, {.whole = false});
  if (!header) return;
  const auto shape = shape_of(*header);
  if (!shape) return;
  report.model.active_params = active_parameters_of(*shape);
  const auto* record = record_of_shape(catalogue, shape->architecture, shape->layers.size(), shape->hidden, header->parameters());
  if (record != nullptr) report.model.catalogue_id = record->id;

  const auto depth = std::int64_t{report.options.depth} + report.prompt_tokens + report.generated_tokens / 2;
  MemoryOptions options;
  options.kv_type_k = options.kv_type_v = report.options.kv_type;
  const DecodeReads reads = decode_reads(*shape, weights_of(*header, *shape), depth, 1, options);
  report.bytes_per_token = reads.total();
  if (const auto* b = bandwidth_for(report, evidence))
    report.memory_roof = MemoryRoof{b->device, b->kernel, b->value,
                                    report.decode_tokens_per_s.median * static_cast<double>(reads.total().value) / b->value.value,
                                    fmt::format("history entry {} of {}", b->entry, b->when.substr(0, 10))};
}

}  // namespace hardscape::cli
