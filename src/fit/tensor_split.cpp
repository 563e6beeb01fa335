#include "hardscape/fit_tensor_split.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hardscape {
namespace {

constexpr double k_engine_share = 0.9;  // gpu_memory_utilization, by default
constexpr int k_usual_sequences = 256;  // max_num_seqs, by default on devices below 70 GiB
// Logits in 32 bits with the copies that sampling makes of them: 38.4 to 38.9 bytes a word and sequence in four rows
// that were measured with 1,024 sequences (models.md); nothing else of a forward pass is as large.
constexpr double k_sampling_bytes = 38.9;
// Beside what the engine allocates itself: one device, and with the buffers of collectives (same source).
constexpr Bytes k_runtime_alone{140'000'000}, k_runtime_of_several{591'000'000};

Error uneven(int amount, std::string_view what, int devices) {
  return {ErrorCode::unsupported, fmt::format("{} {} cannot be shared by {} devices", amount, what, devices)};
}

Status can_share(const LayerShape& layer, int devices) {
  if (const auto& a = layer.attention) {
    if (a->heads % devices != 0) return uneven(a->heads, "attention heads", devices);
    // Fewer heads of keys and values than devices are held several times.
    const bool even = a->kind == AttentionKind::latent || a->kv_heads % devices == 0 || (a->kv_heads > 0 && devices % a->kv_heads == 0);
    if (!even) return uneven(a->kv_heads, "heads of keys and values", devices);
  }
  if (const auto& r = layer.recurrent; r && r->heads % devices != 0) return uneven(r->heads, "recurrent heads", devices);
  if (layer.ffn.dense % devices != 0) return uneven(layer.ffn.dense, "columns of the feed-forward network", devices);
  if (layer.ffn.experts > 0 && layer.ffn.expert % devices != 0) return uneven(layer.ffn.expert, "columns of an expert", devices);
  return Done{};
}

// Times that an entry of the cache is held, over all devices.
int copies(const AttentionShape& attention, int devices) {
  if (attention.kind == AttentionKind::latent) return devices;
  return attention.kv_heads > 0 ? std::max(1, devices / attention.kv_heads) : 1;
}

}  // namespace

Result<TensorSplit> tensor_split(const ModelShape& shape, const ModelWeights& weights, Bytes memory, int devices,
                                 std::int64_t context, int parallel) {
  for (const LayerShape& layer : shape.layers) {
    if (layer.mtp) continue;
    if (const Status status = can_share(layer, devices); !status) return status.error();
  }
  MemoryOptions options;
  options.context = context * parallel;
  options.parallel = parallel;
  const auto need = cache_need(shape, options);
  if (!need) return need.error();
  TensorSplit split;
  split.devices = devices;
  split.weights = (weights.total() - weights.drafting(shape)) / devices;
  for (std::size_t i = 0; i < need->layers.size() && i < shape.layers.size(); ++i) {
    const auto& attention = shape.layers[i].attention;
    split.cache += need->layers[i].kv * (attention ? copies(*attention, devices) : 1) / devices;
    split.cache += need->layers[i].recurrent / devices;
  }
  const int sequences = std::max(k_usual_sequences, parallel);
  split.activation = Bytes{static_cast<std::int64_t>(k_sampling_bytes * sequences * shape.vocabulary)};
  split.runtime = devices > 1 ? k_runtime_of_several : k_runtime_alone;
  split.room = vllm_kv_budget({memory, k_engine_share, split.weights, split.activation, split.runtime});
  return split;
}

}  // namespace hardscape
