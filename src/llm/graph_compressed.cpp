// DeepSeek-V4: several residual streams, a window, and compressed entries beside it (src/models/deepseek4.cpp).
#include <algorithm>

#include "llm/forward_graph.hpp"

namespace hardscape::llm {
namespace {

using Id = TensorGraph::Id;

// Entries that a micro-batch may finish, in the worst split over sequences.
std::int64_t blocks(const ForwardGraph& f, const AttentionShape& a) { return f.tokens / a.compression + f.sequences(); }

// What a compressor keeps of the past and what it makes of the present, one behind the other.
Id with_kept(ForwardGraph& f, Id made, std::int64_t width, std::int64_t kept_rows) {
  return f.graph.node((f.tokens + kept_rows) * width * k_float, {made});
}

// Weighted means over stretches of tokens; `width` of an entry.
void compress(ForwardGraph& f, const AttentionShape& a, Id input, std::int64_t width) {
  TensorGraph& g = f.graph;
  const std::int64_t overlap = a.indexer_dim > 0 ? 2 : 1;
  const std::int64_t wide = overlap * width, rows = overlap * a.compression, all = rows * blocks(f, a);
  const std::int64_t kept = rows * f.sequences();
  const Id keys = f.product(wide, input);
  const Id scores = g.in_place(f.row(wide), {f.product(wide, input), g.node(f.row(wide), {})});
  Id from[2] = {with_kept(f, keys, wide, rows), with_kept(f, scores, wide, rows)};
  Id turned[2];
  for (std::size_t i = 0; i < 2; ++i) {
    if (overlap == 2) {
      from[i] = g.node((f.tokens + rows + 1) * wide * k_float, {from[i], g.node(wide * k_float, {g.view(from[i])})});
    }
    const Id taken = g.node(all * wide * k_float, {from[i]});
    Id joined = taken;
    if (overlap == 2) {
      const std::int64_t half = all / 2 * width * k_float;
      joined = g.node(2 * half, {g.view(g.node(half, {g.view(taken)})), g.view(g.node(half, {g.view(taken)}))});
    }
    turned[i] = g.node(all * width * k_float, {g.view(joined)});
  }
  const Id weights = g.in_place(all * width * k_float, {turned[1]});
  const Id entries = g.node(blocks(f, a) * width * k_float, {g.in_place(all * width * k_float, {turned[0], weights})});
  g.expand(g.node(0, {g.view(entries)}));
  // What the next micro-batch needs is picked and written back.
  for (const Id made : {keys, scores}) {
    g.expand(g.node(0, {g.node(std::min(f.tokens, kept) * wide * k_float, {made})}));
  }
}

// The entries that the indexer scores highest, as a mask over all of them.
Id chosen_mask(ForwardGraph& f, const AttentionShape& a, Id input, Id low_rank) {
  TensorGraph& g = f.graph;
  const std::int64_t width = std::int64_t{a.indexer_heads} * a.indexer_dim;
  const std::int64_t entries = compressed_cells(f.options, a.compression);
  const std::int64_t most = std::min<std::int64_t>(a.attended_most, entries);
  const std::int64_t number = f.options.flash_attention ? 2 : 4;
  const Id q = f.product(width, low_rank);
  const Id turned = f.product(width, g.in_place(f.row(width), {g.view(q), f.positions}));
  const Id weights = g.in_place(f.row(a.indexer_heads), {f.product(a.indexer_heads, input)});
  const Id scores = g.node(f.row(entries), {g.view(turned), g.view(weights), f.mask_indexer});
  const Id best = g.node(f.row(most), {g.node(f.row(most), {scores})});
  const std::int64_t mask_bytes = entries * f.tokens * number;
  const Id none = g.node(mask_bytes, {f.mask_compressed[0]});
  const Id ones = g.in_place(most * f.tokens * number, {g.input(most * f.tokens * number)});
  const Id filled = g.node(0, {g.view(none), ones, g.view(best)});
  return g.in_place(mask_bytes, {filled, g.view(none), f.mask_compressed[0]});
}

}  // namespace

std::int64_t compressed_cells(const MemoryOptions& options, int compression) {
  const std::int64_t cells = cache_cells(options, 0).full;
  const std::int64_t tokens = std::max(1, compression);  // that make one entry
  return (std::max<std::int64_t>(1, (cells + tokens - 1) / tokens) + 255) / 256 * 256;
}

Id compressed_block(ForwardGraph& f, const AttentionShape& a, Id input) {
  TensorGraph& g = f.graph;
  const std::int64_t width = std::int64_t{a.heads} * a.key_dim;
  const std::int64_t number = f.options.flash_attention ? 2 : 4;
  const Id low_rank = f.normed(f.product(a.query_rank, input), a.query_rank);
  const Id q = g.in_place(f.row(width), {g.view(f.product(width, low_rank))});
  const Id query = g.in_place(f.row(width), {q, f.positions});
  const Id kv = f.normed(f.product(a.key_dim, input), a.key_dim);
  const Id key = g.in_place(f.row(a.key_dim), {g.view(kv), f.positions});
  if (a.compression > 0) {
    compress(f, a, input, a.key_dim);
    if (a.indexer_dim > 0) compress(f, a, input, a.indexer_dim);
  }
  Id mask = a.compression == 0 ? f.mask_sliding : f.mask_compressed[a.indexer_dim > 0 ? 0 : 1];
  if (a.indexer_dim > 0) mask = chosen_mask(f, a, input, low_rank);
  g.expand(query);
  g.expand(key);
  g.expand(g.node(0, {g.view(key)}));
  std::int64_t cells = cache_cells(f.options, a.window).sliding;
  Id keys = TensorGraph::k_elsewhere;
  if (a.compression > 0) {
    cells += compressed_cells(f.options, a.compression);
    keys = g.node(cells * f.sequences() * a.key_dim * 2, {});
    mask = g.node(cells * f.tokens * number, {f.mask_sliding, mask});
  }
  Id seen = TensorGraph::k_elsewhere;
  if (f.options.flash_attention) {
    seen = g.node(f.row(width), {g.view(query), g.view(keys), g.view(mask)});
  } else {
    const Id values = keys == TensorGraph::k_elsewhere ? keys : g.node(cells * f.sequences() * a.key_dim * 2, {g.view(keys)});
    const Id raw = g.node(f.row(cells * a.heads), {g.view(keys), g.view(query)});
    const Id weights = g.in_place(f.row(cells * a.heads), {raw, mask});
    seen = g.node(f.row(width), {g.view(g.node(f.row(width), {weights, values}))});
  }
  const Id turned_back = g.in_place(f.row(width), {g.view(seen), f.positions});
  const std::int64_t ranks = std::int64_t{a.output_groups} * a.output_rank;
  const Id grouped = f.product(ranks, g.view(turned_back));
  return f.product(f.shape.hidden, g.node(f.row(ranks), {g.view(grouped)}));
}

HyperStep hyper_before(ForwardGraph& f, Id streams, int count) {
  TensorGraph& g = f.graph;
  const std::int64_t mixed = std::int64_t{2 + count} * count;
  const Id normed = g.node(f.row(std::int64_t{count} * f.shape.hidden), {g.view(streams)});
  const Id mixes = f.product(mixed, normed);
  const auto affine = [&](std::int64_t width) { return g.in_place(f.row(width), {g.node(f.row(width), {g.view(mixes)})}); };
  const Id before = affine(count);
  HyperStep step;
  step.after = affine(count);
  step.combine = g.node(f.row(std::int64_t{count} * count), {mixes});
  step.input = g.node(f.row(f.shape.hidden), {streams, before});
  return step;
}

Id hyper_after(ForwardGraph& f, const HyperStep& step, Id result, Id streams, int count) {
  return f.graph.node(f.row(std::int64_t{count} * f.shape.hidden), {result, streams, step.after, step.combine});
}

}  // namespace hardscape::llm
