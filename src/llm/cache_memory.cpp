#include <fmt/format.h>

#include <algorithm>

#include "hardscape/model_memory.hpp"

namespace hardscape {
namespace {

constexpr std::int64_t k_cell_padding = 256;

std::int64_t padded(std::int64_t n) { return (n + k_cell_padding - 1) / k_cell_padding * k_cell_padding; }

struct CacheFormats {
  const NumberFormat* k = nullptr;
  const NumberFormat* v = nullptr;
};

Result<CacheFormats> cache_formats(const MemoryOptions& options, std::vector<std::string>& notes) {
  CacheFormats formats{find_number_format(options.kv_type_k), find_number_format(options.kv_type_v)};
  const auto refuse = [](const std::string& name) {
    std::string known;
    for (const NumberFormat& f : number_formats()) {
      if (f.cache) known += (known.empty() ? "" : ", ") + f.name;
    }
    return Error{ErrorCode::invalid_argument,
                 fmt::format("'{}' is no type for a KV cache; llama.cpp takes {}", name, known)};
  };
  if (formats.k == nullptr || !formats.k->cache) return refuse(options.kv_type_k);
  if (formats.v == nullptr || !formats.v->cache) return refuse(options.kv_type_v);
  if (!options.flash_attention && formats.v->block_elements > 1) {
    notes.push_back(fmt::format("values in {} need flash attention; f16 is used for them", formats.v->name));
    formats.v = find_number_format("f16");
  }
  return formats;
}

Status check(const MemoryOptions& o) {
  constexpr std::int64_t most_tokens = std::int64_t{1} << 31;
  if (o.context <= 0 || o.context > most_tokens) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("context is {} tokens, expected 1 to {}", o.context, most_tokens)};
  }
  if (o.parallel <= 0 || o.parallel > 65536) {
    return Error{ErrorCode::invalid_argument, fmt::format("parallel is {}, expected 1 to 65536", o.parallel)};
  }
  if (o.ubatch <= 0 || o.batch <= 0 || o.ubatch > 1 << 20) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("the micro-batch is {} tokens, expected 1 to {}", o.ubatch, 1 << 20)};
  }
  return Done{};
}

}  // namespace

CacheCells cache_cells(const MemoryOptions& o, int window) {
  CacheCells cells;
  cells.streams = o.unified ? 1 : std::max(1, o.parallel);
  const std::int64_t whole = padded(o.context);
  cells.full = cells.streams == 1 ? whole : padded(whole / cells.streams);
  const std::int64_t seen = std::int64_t{window} * (o.unified ? std::max(1, o.parallel) : 1) +
                            std::min<std::int64_t>({o.ubatch, o.batch, o.context});
  cells.sliding = o.swa_full ? cells.full : std::min(cells.full, padded(std::min(cells.full, seen)));
  return cells;
}

Result<MemoryNeed> cache_need(const ModelShape& shape, const MemoryOptions& options) {
  if (Status status = check(options); !status) return std::move(status).error();
  MemoryNeed need;
  const Result<CacheFormats> formats = cache_formats(options, need.notes);
  if (!formats) return formats.error();

  // Without flash attention values are stored transposed, every layer as wide as the widest.
  std::int64_t widest_value = 0;
  for (const LayerShape& layer : shape.layers) {
    if (layer.attention) widest_value = std::max(widest_value, layer.attention->value_width());
  }
  for (const LayerShape& layer : shape.layers) {
    LayerMemory memory;
    if (layer.attention && !layer.attention->shares_kv_of && !layer.mtp) {
      const AttentionShape& a = *layer.attention;
      const CacheCells cells = cache_cells(options, a.window);
      const std::int64_t rows = (a.kind == AttentionKind::sliding ? cells.sliding : cells.full) * cells.streams;
      const bool latent = a.kind == AttentionKind::latent;
      const std::int64_t value = latent ? 0 : options.flash_attention ? a.value_width() : widest_value;
      std::int64_t row = formats->k->row_bytes(a.key_width()) + formats->v->row_bytes(value);
      if (a.indexer_dim > 0) {
        row += formats->k->row_bytes(a.indexer_dim);
        // A sparse layer that is not latent keeps values beside its index keys (llama_kv_cache_msa).
        if (!latent) row += formats->v->row_bytes(a.value_dim);
      }
      memory.kv = Bytes{row * rows};
    }
    if (layer.recurrent) {
      const std::int64_t numbers = layer.recurrent->conv_elements() + layer.recurrent->state_elements();
      memory.recurrent = Bytes{numbers * 4 * std::max(1, options.parallel)};
    }
    need.kv += memory.kv;
    need.recurrent += memory.recurrent;
    need.layers.push_back(memory);
  }
  return need;
}

Result<MemoryNeed> memory_need(const ModelShape& shape, const ModelWeights& weights, const MemoryOptions& options) {
  Result<MemoryNeed> need = cache_need(shape, options);
  if (!need) return need;
  need->weights = weights.total();
  const ComputeBuffers compute = compute_buffers(shape, options);
  need->compute = compute.with_output;
  if (options.devices > 1) need->compute += compute.copies;
  // Logits and embeddings of every sequence's last token, in 32-bit floats, in host memory.
  need->output = Bytes{std::int64_t{std::max(1, options.parallel)} * std::int64_t{shape.vocabulary} * 4};
  if (options.vision && shape.vision) need->vision = Bytes{shape.vision->params * 2};
  if (options.gpu) need->overhead = runtime_overheads().device * std::max(1, options.devices);
  if (shape.context_max > 0 &&
      options.context / std::max(1, options.unified ? 1 : options.parallel) > shape.context_max) {
    need->notes.push_back(fmt::format("{} tokens are more than the {} that the model was trained for", options.context,
                                      shape.context_max));
  }
  return need;
}

MemoryNeed with_draft(MemoryNeed target, const MemoryNeed& draft) {
  target.draft = draft.total();
  return target;
}

}  // namespace hardscape
