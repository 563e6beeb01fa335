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

// DeepSeek-V4 keeps a stream for every sequence even where one cache for all is asked for.
CacheCells cells_of(const MemoryOptions& o, const AttentionShape& a) {
  if (!a.keys_are_values || !o.unified) return cache_cells(o, a.window);
  MemoryOptions one = o;
  one.parallel = 1;
  CacheCells cells = cache_cells(one, a.window);
  cells.streams = std::max(1, o.parallel);
  return cells;
}

// Beside the window: an entry for so many cells, and its index key where one is searched for.
std::int64_t compressed_bytes(const CacheCells& cells, const AttentionShape& a, const NumberFormat& k) {
  if (a.compression == 0) return 0;
  const std::int64_t entries = padded(std::max<std::int64_t>(1, (cells.full + a.compression - 1) / a.compression));
  return entries * cells.streams * (k.row_bytes(a.key_width()) + k.row_bytes(a.indexer_dim));
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
  bool recurs = false;
  for (const LayerShape& layer : shape.layers) {
    if (layer.attention) widest_value = std::max(widest_value, layer.attention->value_width());
    recurs |= layer.recurrent.has_value();
  }
  for (const LayerShape& layer : shape.layers) {
    LayerMemory memory;
    if (layer.attention && !layer.attention->shares_kv_of && (!layer.mtp || options.mtp)) {
      const AttentionShape& a = *layer.attention;
      const CacheCells cells = cells_of(options, a);
      const std::int64_t rows = (a.kind == AttentionKind::sliding ? cells.sliding : cells.full) * cells.streams;
      const bool latent = a.kind == AttentionKind::latent;
      const std::int64_t value = latent || a.keys_are_values ? 0 : options.flash_attention ? a.value_width() : widest_value;
      std::int64_t row = formats->k->row_bytes(a.key_width()) + formats->v->row_bytes(value);
      if (a.indexer_dim > 0 && a.compression == 0) {
        row += formats->k->row_bytes(a.indexer_dim);
        // A sparse layer that is not latent keeps values beside its index keys (llama_kv_cache_msa).
        if (!latent) row += formats->v->row_bytes(a.value_dim);
      }
      memory.kv = Bytes{row * rows + compressed_bytes(cells, a, *formats->k)};
      memory.recurrent = Bytes{a.compressor_elements() * 4 * std::max(1, options.parallel)};
    }
    // They are given values even where a layer does not attend, unless a hybrid's cache leaves it out.
    if (!layer.attention && !recurs && !layer.mtp && !options.flash_attention) {
      const CacheCells cells = cache_cells(options, 0);
      memory.kv = Bytes{formats->v->row_bytes(widest_value) * cells.full * cells.streams};
    }
    if (layer.recurrent) {
      const std::int64_t numbers = layer.recurrent->conv_elements() + layer.recurrent->state_elements();
      memory.recurrent += Bytes{numbers * 4 * std::max(1, options.parallel)};
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
  const Bytes drafting = weights.drafting(shape);
  need->weights = weights.total() - drafting;
  if (options.mtp) {
    need->draft = drafting;
    if (drafting.value == 0) need->notes.push_back("it has no layers that draft further tokens (MTP), or they are not in its record");
  } else if (drafting.value > 0) {
    need->notes.push_back(fmt::format("{:.2f} GiB of layers that draft further tokens (MTP) stay in the file; with --mtp they are loaded", in_gib(drafting)));
  }
  const ComputeBuffers compute = compute_buffers(shape, options);
  need->compute = compute.with_output;
  if (options.devices > 1) need->compute += compute.copies;
  // Logits and embeddings of every sequence's last token, in 32-bit floats, in host memory.
  need->output = Bytes{std::int64_t{std::max(1, options.parallel)} * std::int64_t{shape.vocabulary} * 4};
  if (options.vision && shape.vision) need->vision = Bytes{shape.vision->bytes};
  if (options.vision && !shape.vision)
    need->notes.push_back(shape.vision_unknown.empty() ? "it takes no pictures that we know of; no vision tower is counted"
                                                       : "its vision tower is not counted: " + shape.vision_unknown);
  if (options.gpu) need->overhead = runtime_overheads().device * std::max(1, options.devices);
  if (shape.context_max > 0 &&
      options.context / std::max(1, options.unified ? 1 : options.parallel) > shape.context_max) {
    need->notes.push_back(fmt::format("{} tokens are more than the {} that the model was trained for", options.context,
                                      shape.context_max));
  }
  return need;
}

MemoryNeed with_draft(MemoryNeed target, const MemoryNeed& draft) {
  target.draft += draft.total();
  return target;
}

}  // namespace hardscape
