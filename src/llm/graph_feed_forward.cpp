#include "llm/forward_graph.hpp"

namespace hardscape::llm {
namespace {

using Id = TensorGraph::Id;

// Gate and up, or up alone, of `matrices` experts a token; then down.
Id gated(ForwardGraph& f, Id input, std::int64_t inner, std::int64_t out, bool plain, bool fused, Id chosen) {
  TensorGraph& g = f.graph;
  const auto product = [&](std::int64_t width) { return g.node(f.row(width), {input, chosen}); };
  if (plain) {
    const Id up = product(inner);
    const Id shaped = g.in_place(f.row(inner), {up});
    return g.node(f.row(out), {g.in_place(f.row(inner), {shaped}), chosen});
  }
  if (fused) {
    const Id both = product(2 * inner);
    return g.node(f.row(out), {g.node(f.row(inner), {g.view(both), g.view(both)}), chosen});
  }
  const Id gate = product(inner);
  const Id up = product(inner);
  if (f.architecture.altup > 0) {
    // Gemma 3n cuts the gate off at a share of its spread, which takes the distances from its mean.
    const Id distances = g.in_place(f.row(inner), {g.node(f.row(inner), {gate})});
    const Id spread = g.node(f.row(1), {distances});
    const Id cut = g.in_place(f.row(inner), {gate, spread});
    return g.node(f.row(out), {g.in_place(f.row(inner), {up, cut}), chosen});
  }
  return g.node(f.row(out), {g.node(f.row(inner), {gate, up}), chosen});
}

Id routed(ForwardGraph& f, const FeedForwardShape& ffn, Id input, std::int64_t width) {
  TensorGraph& g = f.graph;
  const Architecture& a = f.architecture;
  const std::int64_t used = ffn.experts_active;
  const Id logits = f.product(ffn.experts, input);
  const Id scores = g.in_place(f.row(ffn.experts), {logits});
  const Id heads = g.view(scores);
  const Id biased = a.router_bias ? g.in_place(f.row(ffn.experts), {scores}) : scores;
  const Id order = g.node(f.row(ffn.experts), {biased});
  const Id chosen = g.view(order);
  const Id weights = g.node(f.row(used), {heads, chosen});
  const Id scaled = g.node(f.row(used), {g.view(weights)});
  g.expand(scaled);

  Id routed_input = g.view(input);
  if (a.weights_before_experts) {
    const Id repeated = f.product(used * width, routed_input);
    routed_input = g.in_place(f.row(used * width), {repeated, g.view(scaled)});
  }
  const std::int64_t inner = used * ffn.expert;
  const Id down = gated(f, routed_input, inner, used * width, a.plain_ffn, a.fused_expert_gate_up, chosen);
  const Id weighted = a.weights_before_experts ? down : g.in_place(f.row(used * width), {down, g.view(scaled)});
  g.expand(weighted);
  if (used == 1) return g.node(f.row(width), {g.view(weighted)});
  std::vector<Id> parts;
  for (std::int64_t i = 0; i < used; ++i) {
    parts.push_back(g.view(weighted));
    g.expand(parts.back());
  }
  Id sum = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) {
    sum = g.in_place(f.row(width), {sum, parts[i]});
    g.expand(sum);
  }
  return sum;
}

Id shared(ForwardGraph& f, const FeedForwardShape& ffn, Id input) {
  TensorGraph& g = f.graph;
  const std::int64_t hidden = f.shape.hidden;
  const Id out = gated(f, input, ffn.shared, hidden, f.architecture.plain_ffn, false, TensorGraph::k_elsewhere);
  if (!f.architecture.shared_gate) return out;
  g.expand(out);
  const Id gate = g.in_place(f.row(1), {f.product(1, input)});
  return g.in_place(f.row(hidden), {out, gate});
}

}  // namespace

Id feed_forward_block(ForwardGraph& f, const FeedForwardShape& ffn, Id input) {
  TensorGraph& g = f.graph;
  const Architecture& a = f.architecture;
  const std::int64_t hidden = f.shape.hidden;
  if (ffn.experts == 0) return gated(f, input, ffn.dense, hidden, a.plain_ffn, a.fused_gate_up, TensorGraph::k_elsewhere);
  Id narrow = input;
  if (ffn.latent > 0) narrow = f.product(ffn.latent, input);
  Id out = routed(f, ffn, narrow, ffn.latent > 0 ? ffn.latent : hidden);
  if (ffn.latent > 0) out = f.product(hidden, a.residual_checkpoint > 0 ? f.normed(out, ffn.latent) : out);
  g.expand(out);
  if (ffn.shared > 0) out = g.in_place(f.row(hidden), {out, shared(f, ffn, input)});
  if (ffn.dense > 0) {
    const Id dense = gated(f, input, ffn.dense, hidden, a.plain_ffn, a.fused_gate_up, TensorGraph::k_elsewhere);
    out = g.in_place(f.row(hidden), {out, dense});
  }
  return out;
}

}  // namespace hardscape::llm
