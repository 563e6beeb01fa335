#include <algorithm>

#include "hardscape/model_memory.hpp"

namespace hardscape {
namespace {

constexpr std::int64_t k_float = 4;

// Elements alive at once while one layer works on n tokens, besides what stays alive throughout.
struct LayerPeak {
  std::int64_t attention = 0;
  std::int64_t feed_forward = 0;
};

LayerPeak peak_of(const ModelShape& shape, const LayerShape& layer, const MemoryOptions& o, std::int64_t n) {
  LayerPeak peak;
  const std::int64_t width = shape.hidden;
  if (layer.attention) {
    const AttentionShape& a = *layer.attention;
    const CacheCells cells = cache_cells(o, a.window);
    const std::int64_t seen = a.kind == AttentionKind::sliding ? cells.sliding : cells.full;
    std::int64_t q = std::int64_t{a.heads} * a.key_dim;
    std::int64_t out = std::int64_t{a.heads} * a.value_dim;
    std::int64_t kv = a.key_width() + a.value_width();
    if (a.kind == AttentionKind::latent) {
      // Queries are multiplied into the latent space, so that heads attend in it.
      q += std::int64_t{a.heads} * a.key_width();
      out = std::int64_t{a.heads} * a.latent_dim;
      kv = a.key_width();
    }
    peak.attention = (2 * width + q + kv + out) * n;
    if (!o.flash_attention)
      peak.attention = std::max(peak.attention, (2 * width + q + out) * n + std::int64_t{a.heads} * seen * n);
  }
  if (layer.recurrent) {
    const RecurrentShape& r = *layer.recurrent;
    peak.attention =
        std::max(peak.attention, (2 * width + 2 * r.conv_channels + 2 * r.inner) * n + r.state_elements() * 2);
  }
  const FeedForwardShape& f = layer.ffn;
  const std::int64_t dense = (2 * width + 2 * std::int64_t{f.dense}) * n;
  const std::int64_t routed = (2 * width + std::int64_t{f.experts_active} * (2 * std::int64_t{f.expert} + width)) * n +
                              std::int64_t{f.experts} * n;
  peak.feed_forward = std::max(f.dense > 0 ? dense : 0, f.experts > 0 ? routed : 0);
  return peak;
}

}  // namespace

Bytes compute_buffer(const ModelShape& shape, const MemoryOptions& o, bool with_output_head) {
  const std::int64_t n = std::max<std::int64_t>(1, std::min<std::int64_t>({o.ubatch, o.batch, o.context}));
  std::int64_t peak = 0;
  std::int64_t full = 0, sliding = 0;
  for (const LayerShape& layer : shape.layers) {
    if (layer.mtp) continue;
    const LayerPeak p = peak_of(shape, layer, o, n);
    peak = std::max({peak, p.attention, p.feed_forward});
    if (!layer.attention) continue;
    const CacheCells cells = cache_cells(o, layer.attention->window);
    if (layer.attention->kind == AttentionKind::sliding) {
      sliding = std::max(sliding, cells.sliding);
    } else {
      full = std::max(full, cells.full);
    }
  }
  if (with_output_head) peak = std::max(peak, (std::int64_t{shape.vocabulary} + shape.hidden) * n);
  // Masks of both kinds of layers stay alive: 16-bit with flash attention, else 32-bit.
  const std::int64_t mask = (full + sliding) * n * (o.flash_attention ? 2 : k_float);
  return Bytes{peak * k_float + mask};
}

Bytes device_overhead() {
  // A CUDA context with its kernels; measured 0.13 GiB by vLLM's own accounting on one H100.
  constexpr std::int64_t bytes = 134 * k_mib;
  return Bytes{bytes};
}

}  // namespace hardscape
