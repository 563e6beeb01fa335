// Bytes that a model takes and the work that a token costs.
//
// Weights are per tensor as llama.cpp's quantiser lays them out (or as a file has them); caches follow llama.cpp's
// allocator to the byte. Pure functions over plain values; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/model_shape.hpp"
#include "hardscape/quantization.hpp"
#include "hardscape/result.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

struct ModelTensor {
  std::string name;                              // as in GGUF: "blk.0.attn_q.weight"
  std::array<std::int64_t, 4> dims{1, 1, 1, 1};  // fastest first
  std::string format;                            // number format's name
  Bytes bytes;
};

// Weight bytes of one layer by what reads them.
struct LayerWeights {
  Bytes attention;  // attention or recurrent block with its norms
  Bytes dense_ffn;
  Bytes experts;  // all routed experts
  Bytes shared_experts;
  Bytes router;
  Bytes largest_experts;  // the largest tensor of routed experts, counted in experts

  Bytes total() const { return attention + dense_ffn + experts + shared_experts + router; }
  Bytes without_experts() const { return attention + dense_ffn + shared_experts + router; }
  friend bool operator==(const LayerWeights&, const LayerWeights&) = default;
};

struct ModelWeights {
  std::string quantization;          // id of the mix, or "file"
  std::vector<LayerWeights> layers;  // one a layer of the shape, MTP layers included
  Bytes token_embedding;             // read one row a token, unless tied (then the whole of it is the output head)
  Bytes per_layer_embedding;         // read one row a token; stays in host memory
  Bytes output;                      // 0 when tied
  Bytes other;                       // final norm, rope factors, projections outside layers
  std::int64_t parameters = 0;       // elements of all tensors
  std::map<std::string, Bytes> by_format;

  Bytes total() const;
  // Of the layers that only draft further tokens (MTP): llama.cpp leaves them in the file unless told to draft.
  Bytes drafting(const ModelShape& shape) const;
  // What a device that holds the output layer must hold beside its layers (a tied table is then held twice).
  Bytes output_head() const { return output.value > 0 ? output : token_embedding; }
};

// Every tensor of the model in a mix, in file order. Errors: unknown mix; a mix of another container's that is defined
// by bytes only.
Result<std::vector<ModelTensor>> tensors_of(const ModelShape& shape, std::string_view quantization);
Result<ModelWeights> weights_of(const ModelShape& shape, std::string_view quantization);
// The same from tensors that a file lists.
ModelWeights weights_of_tensors(const ModelShape& shape, const std::vector<ModelTensor>& tensors);
// Elements of all tensors, and those that one decoded token reads (no embedding table unless it is the output head).
std::int64_t parameters_of(const ModelShape& shape);
std::int64_t active_parameters_of(const ModelShape& shape);

struct MemoryOptions {
  std::int64_t context = 4096;  // tokens over all sequences (llama.cpp's n_ctx)
  int parallel = 1;             // sequences
  bool unified = false;         // one cache for all sequences, or one each of context / parallel
  std::string kv_type_k = "f16";
  std::string kv_type_v = "f16";
  bool flash_attention = true;
  bool swa_full = false;  // keep the whole context in sliding-window layers
  int batch = 2048;
  int ubatch = 512;
  int devices = 1;      // that the layers are split over
  bool gpu = true;      // a device with its own memory; false: processor only
  bool vision = false;  // load the vision tower and projector (mmproj)
  int outputs = 0;      // tokens of a micro-batch whose logits are kept; 0: all (llama-server: one a sequence)
  bool mtp = false;     // load the layers that draft further tokens, with their cache
};

// Cells that a layer's cache has: what llama.cpp allocates.
struct CacheCells {
  std::int64_t full = 0;  // one stream
  std::int64_t sliding = 0;
  int streams = 1;
};
CacheCells cache_cells(const MemoryOptions& options, int window);

struct LayerMemory {
  Bytes kv;
  Bytes recurrent;
};

struct MemoryNeed {
  Bytes weights;
  Bytes kv;
  Bytes recurrent;
  Bytes compute;   // of one device: activations of a micro-batch at full context
  Bytes output;    // logits and embeddings handed to the caller, in host memory
  Bytes vision;    // vision tower and projector in F16, when asked for
  Bytes draft;     // everything of a draft model, see with_draft(), and of MTP layers when asked for
  Bytes overhead;  // driver context and allocator slack, once a device
  std::vector<LayerMemory> layers;
  std::vector<std::string> notes;  // what was assumed or changed: "quantised values need flash attention; f16 is used"

  Bytes total() const { return weights + kv + recurrent + compute + output + vision + draft; }
};

Result<MemoryNeed> memory_need(const ModelShape& shape, const ModelWeights& weights, const MemoryOptions& options);
// A model that runs beside its draft model; the draft's cache is sized by its own options.
MemoryNeed with_draft(MemoryNeed target, const MemoryNeed& draft);
// Without weights; the same numbers for any quantisation.
Result<MemoryNeed> cache_need(const ModelShape& shape, const MemoryOptions& options);

// What vLLM leaves for its KV cache on each of `devices` equal devices (tensor parallel): the share of the device that it
// may use, less its part of the weights, less activations and what CUDA and NCCL take beside PyTorch.
struct VllmMemory {
  Bytes device;               // what the driver reports, less than the name says
  double utilisation = 0.9;   // gpu_memory_utilization
  Bytes weights;              // on one device
  Bytes activation;
  Bytes non_torch;
};
Bytes vllm_kv_budget(const VllmMemory& m);  // negative: it does not start
// Sequences of `tokens` that the budget of all devices holds at once.
std::int64_t vllm_sequences(Bytes budget, int devices, Bytes kv_per_token, std::int64_t tokens);

// What one device must set aside for computing: the peak that llama.cpp's graph allocator reaches over a micro-batch at
// full context, found by running the model's graph through the same rules.
struct ComputeBuffers {
  Bytes layers;       // a device that holds layers only
  Bytes with_output;  // and the output head
  Bytes host;         // beside devices: where a micro-batch is looked up and handed on from
  Bytes copies;       // more on each of several devices that work at the same time on parts of a batch
};
ComputeBuffers compute_buffers(const ModelShape& shape, const MemoryOptions& options);

// What a runtime and its driver take before the first byte of a model (data/memory/overheads.json).
struct RuntimeOverheads {
  Bytes device;   // on each device with its own memory
  Bytes unified;  // where memory is shared
  Bytes host;     // the process
};
const RuntimeOverheads& runtime_overheads();

// Bytes that one decode step reads, by what they belong to.
struct DecodeReads {
  Bytes attention;
  Bytes dense_ffn;
  Bytes active_experts;
  Bytes shared_experts;  // and router
  Bytes output_head;
  Bytes embedding_rows;
  Bytes kv;         // at this depth, all layers and sequences
  Bytes recurrent;  // read and written

  Bytes weights() const {
    return attention + dense_ffn + active_experts + shared_experts + output_head + embedding_rows;
  }
  Bytes total() const { return weights() + kv + recurrent; }
};
// One step of `sequences` sequences, each with `depth` tokens behind it. Routed experts are read by as many as differ
// in expectation: E (1 - (1 - k/E)^n).
DecodeReads decode_reads(const ModelShape& shape, const ModelWeights& weights, std::int64_t depth, int sequences = 1,
                         const MemoryOptions& options = {});
// The same split of one layer (kv, recurrent, weights without embedding and head).
DecodeReads layer_reads(const ModelShape& shape, const ModelWeights& weights, std::size_t layer, std::int64_t depth,
                        int sequences = 1, const MemoryOptions& options = {});

// Arithmetic of a forward pass. A multiply and an add are two.
struct PassFlops {
  Flop linear;       // weight matrices of all layers
  Flop output_head;  // once for each token whose logits are wanted
  Flop attention;    // scores and weighted values

  Flop total() const { return linear + output_head + attention; }
};
// One sequence: `tokens` new ones after `depth` earlier ones, causal; logits for the last `outputs` of them.
PassFlops pass_flops(const ModelShape& shape, std::int64_t tokens, std::int64_t depth, std::int64_t outputs = 1);

}  // namespace hardscape
