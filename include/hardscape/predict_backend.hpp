// Inference back ends and device architectures as rows of parameters (data/backends/*.json).
//
// A back end is an engine on a programming interface: llama.cpp on CUDA, MLX on Metal. Efficiencies are shares of the
// device's peak, at most 1; times are seconds. Loaded once on first use; immutable afterwards.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/result.hpp"

namespace hardscape {

// How weights are stored, as far as it changes the arithmetic per weight.
enum class WeightKind { float32, float16, eight_bit, four_bit, k_quant, codebook };
std::string_view to_string(WeightKind kind);

// A weight format by name: "Q4_K_M", "4bit", "AWQ INT4 g128", "F16".
struct Quantisation {
  WeightKind kind = WeightKind::four_bit;
  double bits_per_weight = 0;
  std::string mix;  // id of the mix that lays out its tensors; empty: not known
};
// Nothing when the name says nothing about its width.
std::optional<Quantisation> quantisation(std::string_view name);

struct DecodeParameters {
  double memory_efficiency = 0.8;   // of peak bandwidth on large matrices
  double unit_bytes = 8;            // bytes that one compute unit takes in a cycle: loads in flight over their latency
  double kv_efficiency = 0.6;       // of peak bandwidth on keys and values
  double dequantise = 0.5;          // vector operations per nominal operation of unpacking a weight
  double k_quant_factor = 1.5;      // more of them for formats with nested scales
  double layer_s = 40e-6;           // launches and synchronisation, a layer
  double token_s = 0.3e-3;          // sampling and scheduling, a token
  double expert_layer_s = 40e-6;    // routing, a layer with experts
};

struct PrefillParameters {
  double vector_cost = 0.4;         // vector flops per flop of a product with quantised weights
  double matrix_cost = 1.2;         // matrix flops per flop; 1/cost is the efficiency of matrix units
  double vector_cost_f16 = 0.2;     // the same with weights in 16 bits
  double matrix_cost_f16 = 1.3;
  double k_quant_factor = 1;        // more for formats with nested scales
  double dequantise_traffic = 0.5;  // bytes moved per weight to unpack it, in 16-bit copies
  double layer_s = 100e-6;          // a layer and micro-batch
  double attention_cost = 3;        // matrix flops per flop of attention
  double attention_traffic = 1;     // passes over the score matrix in memory, when attention is not fused
  double query_tile = 32;           // tokens that share one pass over keys and values
  double half_tokens = 30;          // micro-batch at which efficiency is one half
  double half_expert_tokens = 20;   // the same, tokens per expert
  double expert_token_s = 1e-6;     // sorting tokens by expert and back, a token and layer with experts
};

// Commands that an engine hands to a device in prefill. A device's queue holds so many; when it is full the processor waits,
// and with it all devices that it has not served yet.
struct Launches {
  double queue = 0;         // commands; 0: no limit known
  double layer = 0;         // of a layer with attention, beside its products with weights
  double layer_fused = 0;   // the same with fused attention
  double product = 0;       // of a product with quantised weights
  double product_f16 = 0;   // with weights in 16 bits
  std::string queue_since;  // month of the first builds with this queue; empty: all
  double queue_before = 0;  // in earlier ones
};

struct Backend {
  std::string id;                   // "llama.cpp/cuda"
  std::string engine;               // "llama.cpp"
  std::string api;                  // "cuda", "metal", "cpu" ...
  std::string name;                 // "llama.cpp CUDA"
  bool tensor_parallel = false;     // several devices work on one token together
  std::string tensor_parallel_since;  // month of the first builds that can; empty: all
  bool fused_attention = false;     // never writes the score matrix
  std::string fused_since;          // month of the first builds that do so by themselves; empty: they do not
  bool matrix_units = true;         // computes on the device's matrix units where it has any
  int micro_batch = 512;            // tokens processed together in prefill
  Launches launches;
  std::string built;                // month of the build, "2025-07"; empty: new. Older ones have slower paths
  std::vector<std::string> formats; // weight formats it reads: "gguf", "safetensors", "mlx" ...
  std::string like;                 // id of the row whose parameters it starts from; may be empty
  std::string until;                // row of older builds: of months before this one; empty: of today's
  DecodeParameters decode;
  PrefillParameters prefill;
};

// A generation of devices: by how much its memory, launches and arithmetic differ from the common parameters.
struct Architecture {
  std::string id;                   // "nvidia-ada"
  double lanes = 0;                 // FP32 multiply-adds that one compute unit issues a cycle; 0 unknown
  double vector_share = 1;          // of the published FP32 rate that compiled kernels can issue
  double matrix_per_vector = 0;     // FP16 rate of its matrix units over its FP32 rate, where no rate is published; 0 unknown
  double memory = 1;                // factor on memory efficiency
  double overhead = 1;              // factor on time per layer
  // Factor on arithmetic time, by programming interface: kernels are tuned for one generation on one interface.
  struct OnApi {
    std::string api;
    double prefill = 1;
  };
  std::vector<OnApi> on_api;

  double prefill_on(std::string_view api) const {
    for (const auto& row : on_api)
      if (row.api == api) return row.prefill;
    return 1;
  }
};

std::span<const Backend> backends();
const Backend* find_backend(std::string_view id);

// The row for what a person or a benchmark wrote ("llama.cpp CUDA +FA", "MLX (mlx-lm)", "ollama") on a device of this
// vendor and kind ("nvidia", "gpu"). "+FA" and alike switch fused attention on. Not found: nothing.
std::optional<Backend> resolve_backend(std::string_view text, std::string_view vendor, std::string_view kind);
// The same as it was in this month ("2024-05"), where that is known to have been another; empty: new. Fused attention
// that its builds of then choose by themselves is on, tensor parallelism that they did not know yet is off.
Backend as_built(Backend backend, std::string_view month);
// Does the engine compute layers that have no room on the device on the processor? Those that read GGUF do.
bool computes_on_host(const Backend& backend);
// What most people would use on such a device.
std::optional<Backend> default_backend(std::string_view vendor, std::string_view kind);
// The same for weights in this format: where the usual engine does not read it, the first of the next most usual that
// does (vLLM for AWQ, MLX for its own formats); where none does, the usual one, whose refusal() is then the reason.
std::optional<Backend> default_backend(std::string_view vendor, std::string_view kind, std::string_view quant,
                                       const Architecture* architecture);
// The engine made for many requests at once on such a device. Nothing where none is known.
std::optional<Backend> serving_backend(std::string_view vendor, std::string_view kind);
// Do such engines have fast kernels for weights of as many bits (data/backends/serving.json)?
bool is_served_fast(std::string_view quant);

std::span<const Architecture> architectures();
// Why this back end cannot run such weights on such a device, as a sentence; empty when nothing is known against it
// (data/backends/refusals.json). The architecture may be null; `processor` says that the processor itself computes.
std::string refusal(const Backend& backend, std::string_view quant, std::string_view vendor, const Architecture* architecture,
                    bool processor);

// By compute capability, gfx target or name; null when no row matches.
const Architecture* find_architecture(std::string_view vendor, std::string_view name, std::string_view compute_capability,
                                      std::string_view gfx_target);

}  // namespace hardscape
