// The tensors of one micro-batch's way through a model, block by block, as llama.cpp builds them.
//
// Read from llama.cpp v0.5.0: src/llama-graph.cpp (build_attn, build_ffn, build_moe_ffn, build_rs) and src/models/*.cpp.
// Tensors of a few bytes a token are left out. Sizes in bytes of 32-bit floats unless said.
#pragma once

#include <algorithm>

#include "hardscape/model_memory.hpp"
#include "hardscape/model_shape.hpp"
#include "llm/architecture.hpp"
#include "llm/tensor_graph.hpp"

namespace hardscape::llm {

inline constexpr std::int64_t k_float = 4;  // bytes

struct ForwardGraph {
  using Id = TensorGraph::Id;

  const ModelShape& shape;
  const Architecture& architecture;
  const MemoryOptions& options;
  std::int64_t tokens = 0;
  bool windowed = false;  // two caches: full and sliding
  TensorGraph graph{};
  Id positions = TensorGraph::k_elsewhere;
  Id mask_full = TensorGraph::k_elsewhere, mask_sliding = TensorGraph::k_elsewhere;
  Id mask_compressed[2] = {TensorGraph::k_elsewhere, TensorGraph::k_elsewhere};  // of entries for 4 and 128 tokens
  Id mask_indexer = TensorGraph::k_elsewhere;
  Id per_layer = TensorGraph::k_elsewhere;  // Gemma's per-layer inputs
  Id best_cells = TensorGraph::k_elsewhere;  // what the latest indexer chose

  std::int64_t row(std::int64_t width) const { return width * tokens * k_float; }
  std::int64_t sequences() const { return std::max(1, options.parallel); }
  Id product(std::int64_t width, Id of) { return graph.node(row(width), {of}); }  // with a matrix of the model
  Id normed(Id of, std::int64_t width) {
    const Id norm = graph.in_place(row(width), {of});
    return graph.in_place(row(width), {norm});
  }
};

// Each takes the normed input and gives what is added to the residual stream.
TensorGraph::Id attention_block(ForwardGraph& f, const AttentionShape& attention, TensorGraph::Id input);
TensorGraph::Id recurrent_block(ForwardGraph& f, const RecurrentShape& recurrent, TensorGraph::Id input);
TensorGraph::Id feed_forward_block(ForwardGraph& f, const FeedForwardShape& ffn, TensorGraph::Id input);

TensorGraph::Id compressed_block(ForwardGraph& f, const AttentionShape& attention, TensorGraph::Id input);

// A block of DeepSeek-V4 reads one mixture of its residual streams and is mixed back into all of them.
struct HyperStep {
  TensorGraph::Id input = TensorGraph::k_elsewhere, after = TensorGraph::k_elsewhere, combine = TensorGraph::k_elsewhere;
};
HyperStep hyper_before(ForwardGraph& f, TensorGraph::Id streams, int count);
TensorGraph::Id hyper_after(ForwardGraph& f, const HyperStep& step, TensorGraph::Id result, TensorGraph::Id streams, int count);
// Of one sequence's compressed cache.
std::int64_t compressed_cells(const MemoryOptions& options, int compression);

// Of the cells that a sparse layer keeps, for each token.
std::int64_t sparse_constant_bytes(const ForwardGraph& f, const AttentionShape& attention);

// The whole graph of the layers given.
struct GraphExtent {
  std::vector<std::size_t> layers;
  bool embeds = true;  // looks the tokens up; else what was looked up comes as an input
};
TensorGraph forward_graph(const ModelShape& shape, const MemoryOptions& options, const GraphExtent& extent);

// What is done before the first layer: looking up, masks and positions.
TensorGraph input_graph(const ModelShape& shape, const MemoryOptions& options);

// Layers that suffice to see the peak: all but the repetitions of the stretch that repeats itself longest.
std::vector<std::size_t> telling_layers(const ModelShape& shape);

}  // namespace hardscape::llm
