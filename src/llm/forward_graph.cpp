#include "llm/forward_graph.hpp"

#include <algorithm>

namespace hardscape::llm {
namespace {

using Id = TensorGraph::Id;

// Which norms stand around the two blocks of a layer.
enum class Norms { before, around, after, one };

Norms norms_of(const Architecture& a) {
  if (a.norms.size() == 1) return Norms::one;
  if (a.norms.size() > 2) return Norms::around;
  return !a.norms.empty() && a.norms[0] == "post_attention_norm" ? Norms::after : Norms::before;
}

class Builder {
 public:
  Builder(const ModelShape& shape, const Architecture& architecture, const MemoryOptions& options)
      : f_{.shape = shape, .architecture = architecture, .options = options, .tokens = tokens_of(options)} {}

  TensorGraph build(const GraphExtent& extent) {
    begin(extent);
    const bool rows_within = f_.architecture.wanted_rows == WantedRows::in_last_layer;
    for (std::size_t i = 0; i < extent.layers.size(); ++i) {
      const LayerShape& layer = f_.shape.layers[extent.layers[i]];
      last_ = rows_within && i + 1 == extent.layers.size();
      if (f_.architecture.altup > 0) alternating(layer);
      else if (f_.architecture.hyper_connections > 0) hyper(layer);
      else if (f_.architecture.residual_checkpoint > 0) checkpointed(layer, extent.layers[i]);
      else plain(layer);
    }
    head();
    f_.graph.expand(stream_);
    return std::move(f_.graph);
  }

  TensorGraph inputs() {
    begin({});
    f_.graph.expand(stream_);
    return std::move(f_.graph);
  }

 private:
  ForwardGraph f_;
  Id stream_ = TensorGraph::k_elsewhere;
  Id rows_ = TensorGraph::k_elsewhere;  // which tokens' logits are wanted
  bool last_ = false;
  Id kept_ = TensorGraph::k_elsewhere;  // Kimi K3: the stream as it was at checkpoints
  std::int64_t kept_count_ = 0;

  static std::int64_t tokens_of(const MemoryOptions& o) {
    return std::max<std::int64_t>(1, std::min<std::int64_t>({o.ubatch, o.batch, o.context}));
  }
  std::int64_t hidden() const { return f_.row(f_.shape.hidden); }
  Id normed(Id of) { return f_.normed(of, f_.shape.hidden); }
  std::int64_t wanted() const { return f_.options.outputs > 0 ? std::min<std::int64_t>(f_.tokens, f_.options.outputs) : f_.tokens; }
  Id picked(Id of) { return f_.graph.node(wanted() * f_.shape.hidden * 4, {of, rows_}); }
  // From here on only the picked rows are worked on.
  void go_on_with_picked() { f_.tokens = wanted(); }

  void begin(const GraphExtent& extent) {
    TensorGraph& g = f_.graph;
    const std::int64_t n = f_.tokens;
    const auto given = [&](std::int64_t bytes) {
      const Id id = g.input(bytes);
      g.expand(id);
      return id;
    };
    if (extent.embeds) {
      const Id ids = given(4 * n);
      given(hidden());  // embeddings may be given instead of tokens: room is made for both
      stream_ = g.node(hidden(), {ids});
      g.expand(stream_);
    } else {
      stream_ = given(hidden());
    }
    const std::int64_t per_layer = std::int64_t{f_.shape.per_layer_embedding} * f_.shape.main_layers();
    Id per_layer_rows = TensorGraph::k_elsewhere;
    if (per_layer > 0) {
      const std::int64_t bytes = f_.row(per_layer);
      per_layer_rows = extent.embeds ? g.in_place(bytes, {g.view(g.node(bytes, {given(4 * n)}))}) : given(bytes);
      g.expand(per_layer_rows);
    }
    f_.positions = given(4 * n);
    bool full = false;
    int window = 0;
    std::int64_t widest_value = 0;
    for (const LayerShape& layer : f_.shape.layers) {
      if (!layer.attention || layer.mtp) continue;
      if (layer.attention->kind == AttentionKind::sliding) window = std::max(window, layer.attention->window);
      else full = true;
      widest_value = std::max(widest_value, layer.attention->value_width());
    }
    f_.windowed = window > 0;
    const std::int64_t cell = n * (f_.options.flash_attention ? 2 : 4);
    const auto cache_inputs = [&](std::int64_t cells) {
      given(8 * n);
      // Without flash attention values lie transposed, each number with a place of its own.
      given(8 * n * (f_.options.flash_attention ? 1 : std::max<std::int64_t>(1, widest_value)));
      return given(cells * cell);
    };
    make_sparse_room(extent, given);
    if (f_.architecture.compressed) {
      const std::int64_t number = f_.options.flash_attention ? 2 : 4;
      f_.mask_compressed[0] = given(compressed_cells(f_.options, 4) * n * number);
      f_.mask_compressed[1] = given(compressed_cells(f_.options, 128) * n * number);
      f_.mask_indexer = given(compressed_cells(f_.options, 4) * n * 2);
    }
    if (f_.windowed) f_.mask_sliding = cache_inputs(cache_cells(f_.options, window).sliding);
    if (full) f_.mask_full = cache_inputs(cache_cells(f_.options, 0).full);
    rows_ = given(4 * n);
    if (per_layer > 0) make_per_layer(per_layer, per_layer_rows);
  }

  // Sparse attention starts its mask from a constant of each layer's own; all of them get room before the first node. The
  // layers that the graph leaves out are counted here. The indexer's cache has inputs of its own, too.
  template <class Given>
  void make_sparse_room(const GraphExtent& extent, const Given& given) {
    if (!f_.architecture.indexer) return;
    std::int64_t left_out = 0;
    for (std::size_t i = 0; i < f_.shape.layers.size(); ++i) {
      const LayerShape& layer = f_.shape.layers[i];
      if (layer.mtp || !layer.attention || layer.attention->attended_most == 0) continue;
      if (std::find(extent.layers.begin(), extent.layers.end(), i) != extent.layers.end()) continue;
      left_out += sparse_constant_bytes(f_, *layer.attention);
    }
    const std::int64_t n = f_.tokens;
    if (left_out > 0) given(left_out);
    given(8 * n);
    given(cache_cells(f_.options, 0).full * n * (f_.options.flash_attention ? 2 : 4));
  }

  // Gemma 3n and 4: every layer's own input, from the token and from the stream.
  void make_per_layer(std::int64_t width, Id rows) {
    TensorGraph& g = f_.graph;
    const std::int64_t bytes = f_.row(width);
    const Id scaled = g.in_place(bytes, {g.in_place(bytes, {f_.product(width, stream_)})});
    const Id norm = f_.normed(g.view(scaled), width);
    const Id sum = g.in_place(bytes, {norm, rows});
    f_.per_layer = g.node(bytes, {g.view(sum)});
  }

  Id block_of(const LayerShape& layer, Id input) {
    if (layer.attention && layer.recurrent) {
      const Id state = recurrent_block(f_, *layer.recurrent, input);
      const Id seen = attention_block(f_, *layer.attention, input);
      return f_.graph.in_place(hidden(), {seen, state});
    }
    if (layer.attention) return attention_block(f_, *layer.attention, input);
    return recurrent_block(f_, *layer.recurrent, input);
  }

  void plain(const LayerShape& layer) {
    TensorGraph& g = f_.graph;
    const Norms norms = norms_of(f_.architecture);
    const bool mixes = layer.attention || layer.recurrent;
    const bool feeds = layer.ffn.dense > 0 || layer.ffn.experts > 0;
    const Id input = norms == Norms::after ? stream_ : normed(stream_);
    Id out = TensorGraph::k_elsewhere, one_input = input;
    if (mixes) {
      out = block_of(layer, input);
      if (last_) {
        out = picked(out);
        stream_ = picked(stream_);
        if (norms == Norms::one && feeds) one_input = picked(input);
        go_on_with_picked();
      }
      if (norms == Norms::around || norms == Norms::after) out = normed(out);
    }
    if (norms == Norms::one && feeds && mixes) {
      const Id fed = feed_forward_block(f_, layer.ffn, one_input);
      stream_ = g.in_place(hidden(), {g.in_place(hidden(), {fed, stream_}), out});
      g.expand(stream_);
      return;
    }
    if (mixes) {
      stream_ = g.in_place(hidden(), {out, stream_});
      if (!feeds) {
        g.expand(stream_);
        return;
      }
    }
    const Id wanted = norms == Norms::after ? stream_ : mixes ? normed(stream_) : input;
    Id fed = feed_forward_block(f_, layer.ffn, wanted);
    if (norms == Norms::around || norms == Norms::after) fed = normed(fed);
    stream_ = g.in_place(hidden(), {fed, stream_});
    if (f_.per_layer != TensorGraph::k_elsewhere) stream_ = g.in_place(hidden(), {stream_, from_per_layer(stream_)});
    g.expand(stream_);
  }

  Id from_per_layer(Id of) {
    TensorGraph& g = f_.graph;
    const std::int64_t width = f_.shape.per_layer_embedding;
    const Id gate = g.in_place(f_.row(width), {f_.product(width, of)});
    const Id scaled = g.in_place(f_.row(width), {gate, g.view(f_.per_layer)});
    return normed(f_.product(f_.shape.hidden, scaled));
  }

  void hyper(const LayerShape& layer) {
    TensorGraph& g = f_.graph;
    const int count = f_.architecture.hyper_connections;
    if (kept_count_ == 0) {
      stream_ = g.node(hidden() * count, {g.view(stream_)});
      kept_count_ = 1;
    }
    const HyperStep attention = hyper_before(f_, stream_, count);
    const Id seen = compressed_block(f_, *layer.attention, normed(attention.input));
    stream_ = hyper_after(f_, attention, seen, stream_, count);
    const HyperStep network = hyper_before(f_, stream_, count);
    const Id input = normed(network.input);
    for (const Id id : {stream_, network.after, network.combine}) g.expand(id);
    stream_ = hyper_after(f_, network, feed_forward_block(f_, layer.ffn, input), stream_, count);
    g.expand(stream_);
  }

  // Kimi K3: every block reads a mixture of the stream and of what it was at checkpoints.
  Id mixed_with_kept(Id current) {
    if (kept_count_ == 0) return current;
    TensorGraph& g = f_.graph;
    const Id scored = normed_of(kept_, kept_count_);
    const Id scores = g.node(f_.row(kept_count_), {scored});
    const Id own = g.node(f_.row(1), {normed(current)});
    const Id shares = g.in_place(f_.row(kept_count_ + 1), {g.node(f_.row(kept_count_ + 1), {g.view(scores), own})});
    const Id of_kept = g.node(f_.row(kept_count_), {g.view(shares)});
    const Id of_current = g.node(f_.row(1), {g.view(shares)});
    const Id sum = g.node(hidden(), {kept_, of_kept});
    return g.in_place(hidden(), {sum, g.node(hidden(), {current, of_current})});
  }
  Id normed_of(Id of, std::int64_t count) {
    const Id norm = f_.graph.node(hidden() * count, {of});
    return f_.graph.in_place(hidden() * count, {norm});
  }

  void checkpointed(const LayerShape& layer, std::size_t index) {
    TensorGraph& g = f_.graph;
    const bool keeps = index % static_cast<std::size_t>(f_.architecture.residual_checkpoint) == 0;
    Id current = mixed_with_kept(stream_);
    if (keeps) {
      const Id now = g.view(stream_);
      kept_ = kept_count_ == 0 ? now : g.node(hidden() * (kept_count_ + 1), {kept_, now});
      ++kept_count_;
    }
    current = normed(current);
    g.expand(current);
    const Id out = block_of(layer, current);
    const Id sum = keeps ? out : g.in_place(hidden(), {stream_, out});
    const Id fed = feed_forward_block(f_, layer.ffn, normed(mixed_with_kept(sum)));
    stream_ = g.in_place(hidden(), {sum, fed});
  }

  // Gemma 3n: several streams, of which one goes through the layer and corrects the others.
  void alternating(const LayerShape& layer) {
    TensorGraph& g = f_.graph;
    const std::int64_t all = hidden() * f_.architecture.altup;
    if (!g.is_view(stream_)) {
      const Id others = g.node(all - hidden(), {stream_});
      stream_ = g.view(g.node(all, {stream_, others}));
    }
    const Id streams = g.owner(stream_);
    const Id turned = g.node(all, {g.view(streams)});
    g.expand(turned);
    const Id router = normed(g.view(streams));
    const Id mixed = g.node(all, {turned, router});
    const Id predictions = g.in_place(all, {g.node(all, {g.view(mixed)}), streams});
    const Id active = g.view(predictions);
    const Id input = normed(active);
    const Id seen = normed(attention_block(f_, *layer.attention, input));
    const Id gated = g.in_place(hidden(), {seen, active});
    const Id low_rank = f_.product(f_.shape.hidden, f_.product(f_.architecture.laurel_rank, input));
    const Id laurel = g.in_place(hidden(), {normed(low_rank), input});
    const Id middle = g.in_place(hidden(), {gated, laurel});
    const Id fed = normed(feed_forward_block(f_, layer.ffn, normed(middle)));
    const Id result = g.in_place(hidden(), {fed, middle});
    const Id change = g.in_place(hidden(), {result, g.view(predictions)});
    const Id repeated = g.node(all, {change});
    g.expand(repeated);
    const Id strengths = g.node(f_.row(f_.architecture.altup), {normed(result)});
    const Id corrected = g.in_place(all, {g.in_place(all, {repeated, strengths}), predictions});
    const Id first = g.in_place(hidden(), {g.view(corrected)});
    const Id added = from_per_layer(first);
    const Id rest = g.in_place(all - hidden(), {g.view(corrected), added});
    const Id joined = g.node(all, {g.view(corrected), rest});
    g.expand(joined);
    stream_ = g.view(joined);
  }

  void head() {
    TensorGraph& g = f_.graph;
    if (f_.architecture.residual_checkpoint > 0) {
      stream_ = mixed_with_kept(stream_);
      g.expand(stream_);
      stream_ = picked(stream_);
      go_on_with_picked();
    }
    if (const int count = f_.architecture.hyper_connections; count > 0) {
      const Id streams = g.node(wanted() * count * f_.shape.hidden * 4, {g.view(stream_), rows_});
      go_on_with_picked();
      const Id norm = g.node(hidden() * count, {g.view(streams)});
      stream_ = g.node(hidden(), {g.view(streams), g.in_place(f_.row(count), {f_.product(count, norm)})});
    }
    // What a drafting layer would read is kept beside the rows that are wanted.
    if (f_.architecture.wanted_rows == WantedRows::before_output_norm) {
      g.keep(stream_);
      stream_ = picked(stream_);
      go_on_with_picked();
    }
    Id result = normed(stream_);
    g.keep(result);
    if (f_.architecture.wanted_rows == WantedRows::after_output_norm) {
      result = picked(result);
      g.keep(result);
      go_on_with_picked();
    }
    const Id logits = f_.product(f_.shape.vocabulary, result);
    g.keep(logits);
    stream_ = logits;
  }
};

bool same_kind(const LayerShape& a, const LayerShape& b) {
  if (a.attention.has_value() != b.attention.has_value() || a.recurrent != b.recurrent || a.ffn != b.ffn) return false;
  if (!a.attention) return true;
  if (a.attention->shares_kv_of.has_value() != b.attention->shares_kv_of.has_value()) return false;
  AttentionShape left = *a.attention;
  left.shares_kv_of = b.attention->shares_kv_of;
  return left == *b.attention;
}

struct Repetition {
  std::size_t start = 0, length = 0, period = 1;
};

// The stretch that repeats itself longest.
Repetition longest_repetition(const std::vector<std::size_t>& kinds) {
  constexpr std::size_t k_longest_period = 8;
  Repetition best;
  for (std::size_t period = 1; period <= k_longest_period && period < kinds.size(); ++period) {
    std::size_t start = 0;
    for (std::size_t at = period; at <= kinds.size(); ++at) {
      if (at < kinds.size() && kinds[at] == kinds[at - period]) continue;
      if (at - start > best.length + period) best = {start, at - start, period};
      start = at - period + 1;
    }
  }
  return best;
}

const Architecture& architecture_or_usual(const ModelShape& shape) {
  static const Architecture usual = [] {
    Architecture a;
    a.norms = {"attn_norm", "ffn_norm"};
    return a;
  }();
  const Architecture* known = find_architecture(shape.architecture);
  return known == nullptr ? usual : *known;
}

}  // namespace

TensorGraph forward_graph(const ModelShape& shape, const MemoryOptions& options, const GraphExtent& extent) {
  return Builder(shape, architecture_or_usual(shape), options).build(extent);
}

TensorGraph input_graph(const ModelShape& shape, const MemoryOptions& options) {
  return Builder(shape, architecture_or_usual(shape), options).inputs();
}

std::vector<std::size_t> telling_layers(const ModelShape& shape) {
  std::vector<const LayerShape*> known;
  std::vector<std::size_t> all, kinds;
  const bool grows = architecture_or_usual(shape).residual_checkpoint > 0;  // each layer's number counts
  for (std::size_t i = 0; i < shape.layers.size(); ++i) {
    if (shape.layers[i].mtp) continue;
    std::size_t kind = 0;
    while (kind < known.size() && !same_kind(*known[kind], shape.layers[i])) ++kind;
    if (kind == known.size()) known.push_back(&shape.layers[i]);
    all.push_back(i);
    kinds.push_back(kind);
  }
  if (grows) return all;
  const Repetition repeated = longest_repetition(kinds);
  // Two periods at a time: the stream changes between two places, and an odd number left out would swap them.
  const std::size_t step = 2 * repeated.period;
  const std::size_t kept = std::max<std::size_t>(step, 4);
  if (repeated.length > kept + step) {
    const auto from = all.begin() + static_cast<std::ptrdiff_t>(repeated.start + kept);
    all.erase(from, from + static_cast<std::ptrdiff_t>((repeated.length - kept) / step * step));
  }
  return all;
}

}  // namespace hardscape::llm
