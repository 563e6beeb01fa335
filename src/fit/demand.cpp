#include "fit/demand.hpp"

namespace hardscape {
namespace {

MemoryOptions options_of(std::int64_t context, const FitQuestion& question) {
  MemoryOptions options;
  options.context = context * question.parallel;
  options.parallel = question.parallel;
  options.kv_type_k = options.kv_type_v = question.kv_type;
  options.flash_attention = question.flash_attention;
  options.ubatch = question.micro_batch;
  options.mtp = question.mtp;
  return options;
}

}  // namespace

WeightDemand demand_of(const ModelShape& shape, const ModelWeights& weights, const FitQuestion& question) {
  WeightDemand demand;
  demand.layers.reserve(weights.layers.size());
  for (std::size_t i = 0; i < weights.layers.size(); ++i) {
    const LayerWeights& layer = weights.layers[i];
    const bool left = i < shape.layers.size() && shape.layers[i].mtp && !question.mtp;
    demand.layers.push_back(left ? LayerBytes{} : LayerBytes{layer.without_experts(), layer.experts, layer.largest_experts});
  }
  demand.input = weights.token_embedding + weights.per_layer_embedding;
  demand.output = weights.output_head() + weights.other;
  if (weights.output.value == 0) demand.output_copy = weights.token_embedding;
  if (question.vision && shape.vision) demand.beside = Bytes{shape.vision->bytes};
  demand.beside += question.draft;
  return demand;
}

Result<StateDemand> demand_of(const ModelShape& shape, std::int64_t context, const FitQuestion& question) {
  const MemoryOptions options = options_of(context, question);
  auto need = cache_need(shape, options);
  if (!need) return need.error();
  StateDemand demand;
  demand.layers.reserve(need->layers.size());
  for (const LayerMemory& layer : need->layers) demand.layers.push_back({layer.kv, layer.recurrent});
  const ComputeBuffers compute = compute_buffers(shape, options);
  demand.compute = compute.layers;
  demand.compute_output = compute.with_output - compute.layers;
  demand.compute_copies = compute.copies;
  demand.compute_host = compute.host;
  demand.output_buffer = need->output;
  return demand;
}

}  // namespace hardscape
