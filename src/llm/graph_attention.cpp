#include <algorithm>

#include "llm/forward_graph.hpp"

namespace hardscape::llm {
namespace {

using Id = TensorGraph::Id;

struct Projections {
  Id query = TensorGraph::k_elsewhere, key = TensorGraph::k_elsewhere, value = TensorGraph::k_elsewhere;
  Id gate = TensorGraph::k_elsewhere;  // a view of the query's projection that gates the result
};

// Norm and rotation of a projection whose heads are told apart by a view.
Id heads_of(ForwardGraph& f, Id projected, std::int64_t width, bool normed, bool rotated) {
  const Architecture& a = f.architecture;
  Id x = projected;
  if (normed && a.qk_norm == QueryKeyNorm::full) x = f.normed(x, width);
  x = f.graph.view(x);
  if (normed && a.qk_norm == QueryKeyNorm::per_head) x = f.normed(x, width);
  if (rotated) x = f.graph.in_place(f.row(width), {x, f.positions});
  return x;
}

Projections project(ForwardGraph& f, const AttentionShape& a, Id input) {
  Projections p;
  const std::int64_t query = std::int64_t{a.heads} * a.key_dim;
  const bool normed = f.shape.query_key_norm || f.architecture.qk_norm != QueryKeyNorm::none;
  const bool rotated = f.architecture.rotates;
  if (f.architecture.fused_qkv) {
    const Id all = f.product(query + a.key_width() + a.value_width(), input);
    p.query = heads_of(f, f.graph.view(all), query, normed, rotated);
    p.key = heads_of(f, f.graph.view(all), a.key_width(), normed, rotated);
    p.value = f.graph.view(all);
    return p;
  }
  const Id q = f.product(f.architecture.gated_query ? 2 * query : query, input);
  p.query = heads_of(f, q, query, normed, rotated);
  if (f.architecture.gated_query) p.gate = f.graph.view(q);
  if (a.shares_kv_of) return p;
  const Id k = f.product(a.key_width(), input);
  p.key = heads_of(f, k, a.key_width(), normed, rotated);
  const Id v = f.product(a.value_width(), input);
  p.value = f.graph.view(v);
  if (f.architecture.per_layer_width > 0) p.value = f.graph.in_place(f.row(a.value_width()), {p.value});
  return p;
}

Id mask_of(const ForwardGraph& f, const AttentionShape& a) {
  return a.kind == AttentionKind::sliding ? f.mask_sliding : f.mask_full;
}

std::int64_t cells_of(const ForwardGraph& f, const AttentionShape& a) {
  const CacheCells cells = cache_cells(f.options, a.window);
  return a.kind == AttentionKind::sliding ? cells.sliding : cells.full;
}

// Scores and weighted values; the heads' results, [value width, tokens, heads].
Id attend(ForwardGraph& f, const AttentionShape& a, Id query, Id mask, std::int64_t value_dim) {
  TensorGraph& g = f.graph;
  const std::int64_t out = f.row(std::int64_t{a.heads} * value_dim);
  if (f.options.flash_attention) return g.node(out, {g.view(query), mask});
  const std::int64_t scores = f.row(cells_of(f, a) * a.heads);
  const Id raw = g.node(scores, {g.view(query)});
  const Id weights = g.in_place(scores, {raw, mask});
  return g.node(out, {weights});
}

// The cells that an indexer scores highest.
Id chosen_cells(ForwardGraph& f, const AttentionShape& a, Id input, Id low_rank) {
  TensorGraph& g = f.graph;
  const std::int64_t width = std::int64_t{a.indexer_heads} * a.indexer_dim;
  const Id q = f.product(width, low_rank);
  const Id turned = g.in_place(f.row(width), {g.view(q), f.positions});
  const Id mixed = f.product(width, turned);
  const Id weights = g.in_place(f.row(a.indexer_heads), {g.view(f.product(a.indexer_heads, input))});
  const Id scores = g.node(f.row(cache_cells(f.options, 0).full), {g.view(mixed), weights, f.mask_full});
  const std::int64_t kept = sparse_constant_bytes(f, a);
  return g.node(kept, {g.node(kept, {scores})});
}

// DeepSeek's sparse attention: all cells but the chosen ones are masked. Layers without an indexer take the last choice.
Id indexed_mask(ForwardGraph& f, const AttentionShape& a, Id input, Id low_rank) {
  TensorGraph& g = f.graph;
  const std::int64_t constant = sparse_constant_bytes(f, a);
  const std::int64_t mask_bytes = cache_cells(f.options, 0).full * f.tokens * (f.options.flash_attention ? 2 : 4);
  const Id ones = g.in_place(constant, {g.input(constant)});
  if (a.indexer_dim > 0) f.best_cells = chosen_cells(f, a, input, low_rank);
  const Id none = g.node(mask_bytes, {f.mask_full});
  const Id filled = g.node(0, {ones, g.view(f.best_cells), g.view(none)});
  return g.in_place(mask_bytes, {filled, g.view(none), f.mask_full});
}

Id latent_block(ForwardGraph& f, const AttentionShape& a, Id input) {
  TensorGraph& g = f.graph;
  const std::int64_t width = a.key_width();
  if (a.indexer_dim > 0 && f.architecture.indexer) {
    const Id k = f.product(a.indexer_dim, input);
    const Id norm = f.normed(g.view(k), a.indexer_dim);
    const Id turned = g.in_place(f.row(a.indexer_dim), {g.view(norm), f.positions});
    g.expand(g.node(0, {g.view(f.product(a.indexer_dim, turned))}));
  }
  Id low_rank = input;
  if (a.query_rank > 0) low_rank = f.normed(f.product(a.query_rank, input), a.query_rank);
  const Id q = f.product(std::int64_t{a.heads} * a.key_dim, low_rank);
  const Id absorbed = f.product(std::int64_t{a.heads} * a.latent_dim, g.view(q));
  const auto turned = [&](Id of, std::int64_t heads) {
    return f.architecture.rotates ? g.node(f.row(heads * a.rope_dim), {g.view(of), f.positions}) : g.view(of);
  };
  const Id query = g.node(f.row(a.heads * width), {g.view(absorbed), turned(q, a.heads)});
  const Id kv = f.product(width, input);
  const Id compressed = f.normed(g.view(kv), a.latent_dim);
  const Id key = g.node(f.row(width), {g.view(compressed), turned(kv, 1)});
  g.expand(query);
  g.expand(key);
  g.expand(g.node(0, {g.view(key)}));
  const bool sparse = f.architecture.indexer && (a.indexer_dim > 0 || f.best_cells != TensorGraph::k_elsewhere);
  const Id mask = sparse ? indexed_mask(f, a, input, low_rank) : f.mask_full;
  const Id seen = attend(f, a, query, mask, a.latent_dim);
  const std::int64_t out = std::int64_t{a.heads} * a.value_dim;
  const Id values = f.product(out, f.options.flash_attention ? g.view(seen) : seen);
  Id joined = g.node(f.row(out), {g.view(values)});
  if (f.architecture.full_rank_gates) joined = g.in_place(f.row(out), {joined, g.in_place(f.row(out), {f.product(out, input)})});
  return f.product(f.shape.hidden, g.view(joined));
}

}  // namespace

std::int64_t sparse_constant_bytes(const ForwardGraph& f, const AttentionShape& a) {
  const std::int64_t cells = cache_cells(f.options, 0).full;
  return f.row(a.attended_most > 0 ? std::min<std::int64_t>(a.attended_most, cells) : cells);
}

Id attention_block(ForwardGraph& f, const AttentionShape& a, Id input) {
  if (a.kind == AttentionKind::latent) return latent_block(f, a, input);
  TensorGraph& g = f.graph;
  const Projections p = project(f, a, input);
  g.expand(p.query);
  if (f.windowed) {
    g.expand(p.key);
    g.expand(p.value);
  } else {
    g.expand(p.value);
    g.expand(p.key);
  }
  // Copies into the cache read keys and values last.
  if (p.key != TensorGraph::k_elsewhere) g.expand(g.node(0, {g.view(p.key)}));
  if (p.value != TensorGraph::k_elsewhere) g.expand(g.node(0, {g.view(p.value)}));
  const std::int64_t out = std::int64_t{a.heads} * a.value_dim;
  const Id seen = attend(f, a, p.query, mask_of(f, a), a.value_dim);
  Id joined = f.options.flash_attention ? g.view(seen) : g.node(f.row(out), {g.view(seen)});
  if (p.gate != TensorGraph::k_elsewhere) {
    g.expand(joined);
    const Id gate = g.in_place(f.row(out), {g.node(f.row(out), {p.gate})});
    joined = g.in_place(f.row(out), {joined, gate});
  } else if (f.architecture.gate_per_head) {
    const Id gate = g.in_place(f.row(a.heads), {f.product(a.heads, input)});
    joined = g.view(g.in_place(f.row(out), {g.view(joined), g.view(gate)}));
  }
  return f.product(f.shape.hidden, joined);
}

}  // namespace hardscape::llm
