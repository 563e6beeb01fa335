#include "hardscape/model_memory.hpp"
#include "llm/forward_graph.hpp"

namespace hardscape {
namespace {

// Where a backend's tensors may start: ggml-cpu and ggml-cuda of llama.cpp v0.5.0.
constexpr std::int64_t k_cpu_alignment = 32;
constexpr std::int64_t k_device_alignment = 128;
constexpr std::int64_t k_more_copies = 3;  // GGML_SCHED_MAX_COPIES - 1

}  // namespace

ComputeBuffers compute_buffers(const ModelShape& shape, const MemoryOptions& o) {
  llm::GraphExtent extent;
  extent.layers = llm::telling_layers(shape);
  extent.embeds = !o.gpu;
  const llm::TensorGraph graph = llm::forward_graph(shape, o, extent);
  const auto peak = graph.peak(o.gpu ? k_device_alignment : k_cpu_alignment);
  // The host looks up and holds the inputs; the looked-up stream and the inputs are what devices copy.
  const auto inputs = llm::input_graph(shape, o).peak(k_cpu_alignment);
  return {Bytes{peak.before_last}, Bytes{peak.bytes}, Bytes{inputs.bytes}, Bytes{inputs.before_last * k_more_copies}};
}

}  // namespace hardscape
