#include <algorithm>

#include "llm/forward_graph.hpp"

namespace hardscape::llm {
namespace {

using Id = TensorGraph::Id;

// Samples kept from before, set in front of the new ones and convolved.
Id convolved(ForwardGraph& f, Id samples, Id state, std::int64_t channels, int kernel) {
  TensorGraph& g = f.graph;
  const std::int64_t columns = f.tokens + f.sequences() * (kernel - 1);
  const Id joined = g.node(columns * channels * k_float, {g.view(state), g.view(samples)});
  g.expand(joined);
  g.expand(g.node(0, {g.view(joined)}));
  return joined;
}

Id state_rows(ForwardGraph& f, std::int64_t elements) {
  const Id rows = f.graph.node(elements * f.sequences() * k_float, {});
  f.graph.expand(rows);
  return rows;
}

Id mamba2(ForwardGraph& f, const RecurrentShape& r, Id input) {
  TensorGraph& g = f.graph;
  const Id state = state_rows(f, r.conv_elements());
  const Id in = f.product(r.inner + r.conv_channels + r.heads, input);
  const Id joined = convolved(f, in, state, r.conv_channels, r.conv_kernel);
  const Id conv = f.product(r.conv_channels, joined);
  const Id active = g.in_place(f.row(r.conv_channels), {g.in_place(f.row(r.conv_channels), {conv})});
  const Id step = g.in_place(f.row(r.heads), {g.node(f.row(r.heads), {g.view(in)})});
  const Id scan = g.node(f.row(r.inner) + r.state_elements() * f.sequences() * k_float,
                         {g.view(active), step, g.view(active), g.view(active)});
  g.expand(scan);
  g.expand(g.node(0, {g.view(scan)}));
  const Id gate = g.node(f.row(r.inner), {g.view(in)});
  const Id skip = g.in_place(f.row(r.inner), {g.view(active)});
  const Id sum = g.in_place(f.row(r.inner), {g.view(scan), skip});
  const Id gated = g.node(f.row(r.inner), {gate, sum});
  const Id normed = f.normed(g.view(gated), r.inner);
  return f.product(f.shape.hidden, g.view(normed));
}

Id unit_length(ForwardGraph& f, const RecurrentShape& r, Id of, std::int64_t width) {
  TensorGraph& g = f.graph;
  const Id normed = f.normed(g.view(of), width);
  if (!f.architecture.fused_beta_alpha || width == r.inner) return normed;
  return g.view(f.product(r.inner, g.view(normed)));  // repeated for the value heads of a key head
}

Id delta_step(ForwardGraph& f, const RecurrentShape& r, Id q, Id k, Id v, Id decay, Id beta, Id state) {
  TensorGraph& g = f.graph;
  const Id out = g.node(f.row(r.inner) + r.state_elements() * f.sequences() * k_float, {q, k, v, decay, beta, g.view(state)});
  g.expand(out);
  g.expand(g.node(0, {g.view(out)}));
  return out;
}

Id gated_delta_net(ForwardGraph& f, const RecurrentShape& r, Id input) {
  TensorGraph& g = f.graph;
  const Id samples = state_rows(f, r.conv_elements());
  const Id joined = convolved(f, f.product(r.conv_channels, input), samples, r.conv_channels, r.conv_kernel);
  const Id state = state_rows(f, r.state_elements());
  const Id conv = f.product(r.conv_channels, joined);
  const Id active = g.in_place(f.row(r.conv_channels), {conv});
  const std::int64_t keys = std::int64_t{r.groups} * r.state_dim;
  const Id q = unit_length(f, r, active, keys);
  g.expand(q);
  const Id k = unit_length(f, r, active, keys);
  g.expand(k);
  const Id decay = g.in_place(f.row(r.heads), {g.view(f.product(r.heads, input))});
  const Id beta = g.in_place(f.row(r.heads), {g.view(f.product(r.heads, input))});
  const Id out = delta_step(f, r, q, k, g.view(active), g.view(decay), beta, state);
  const Id normed = f.normed(g.view(out), r.inner);
  const Id gate = g.in_place(f.row(r.inner), {g.view(f.product(r.inner, input))});
  const Id gated = g.in_place(f.row(r.inner), {normed, gate});
  return g.view(f.product(f.shape.hidden, g.view(gated)));
}

Id kimi_delta(ForwardGraph& f, const RecurrentShape& r, Id input) {
  TensorGraph& g = f.graph;
  const Id samples = state_rows(f, r.conv_elements());
  const std::int64_t width = r.conv_channels / 3;  // queries, keys and values alike
  Id joined[3];
  for (Id& part : joined) part = convolved(f, f.product(width, input), samples, width, r.conv_kernel);
  const Id state = state_rows(f, r.state_elements());
  Id made[3];
  for (std::size_t i = 0; i < 3; ++i) {
    const Id active = g.in_place(f.row(width), {g.view(f.product(width, joined[i]))});
    made[i] = i < 2 ? f.normed(g.view(active), width) : g.view(active);
    g.expand(made[i]);
  }
  const std::int64_t rank = r.state_dim;
  const Id decay_raw = g.in_place(f.row(r.inner), {f.product(r.inner, f.product(rank, input))});
  const Id decay = g.in_place(f.row(r.inner), {g.view(decay_raw)});
  const Id beta = g.in_place(f.row(r.heads), {g.view(f.product(r.heads, input))});
  const Id out = delta_step(f, r, made[0], made[1], made[2], g.view(decay), beta, state);
  const Id copied = g.node(f.row(r.inner), {g.view(out)});
  const Id normed = f.normed(g.view(copied), r.inner);
  const Id gate = g.in_place(f.row(r.inner), {g.view(f.product(r.inner, f.architecture.full_rank_gates ? g.view(input) : f.product(rank, g.view(input))))});
  const Id gated = g.in_place(f.row(r.inner), {normed, gate});
  return f.product(f.shape.hidden, g.node(f.row(r.inner), {gated}));
}

Id short_convolution(ForwardGraph& f, const RecurrentShape& r, Id input) {
  TensorGraph& g = f.graph;
  const std::int64_t width = r.conv_channels;
  const Id samples = state_rows(f, r.conv_elements());
  const Id in = f.product(3 * width, g.view(input));
  const Id mixed = g.in_place(f.row(width), {g.view(in), g.view(in)});
  const Id joined = convolved(f, mixed, samples, width, r.conv_kernel);
  const Id conv = f.product(width, joined);
  const Id gated = g.in_place(f.row(width), {g.view(in), conv});
  return g.view(f.product(f.shape.hidden, gated));
}

}  // namespace

Id recurrent_block(ForwardGraph& f, const RecurrentShape& r, Id input) {
  switch (r.kind) {
    case RecurrentKind::mamba2:
      return mamba2(f, r, input);
    case RecurrentKind::gated_delta_net:
      return gated_delta_net(f, r, input);
    case RecurrentKind::kimi_delta:
      return kimi_delta(f, r, input);
    case RecurrentKind::short_convolution:
      return short_convolution(f, r, input);
  }
  return input;
}

}  // namespace hardscape::llm
