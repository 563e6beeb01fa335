#include <algorithm>
#include <cmath>

#include "hardscape/model_memory.hpp"

namespace hardscape {
namespace {

// Share of the experts that n tokens with k of E choices each touch, when choices are even and independent.
double touched_share(const FeedForwardShape& f, int tokens) {
  if (f.experts <= 0) return 0;
  const double one = static_cast<double>(f.experts_active) / f.experts;
  return 1.0 - std::pow(1.0 - one, std::max(1, tokens));
}

Bytes scaled(Bytes bytes, double share) {
  return Bytes{static_cast<std::int64_t>(std::llround(static_cast<double>(bytes.value) * share))};
}

std::int64_t bytes_of_width(const std::string& type, std::int64_t width) {
  const NumberFormat* format = find_number_format(type);
  return format != nullptr ? format->row_bytes(width) : 2 * width;
}

// Of compressed entries, those that attention reads.
std::int64_t chosen(const AttentionShape& a, std::int64_t entries) {
  return a.attended_most > 0 ? std::min<std::int64_t>(entries, a.attended_most) : entries;
}

Bytes kv_read(const AttentionShape& a, std::int64_t depth, int sequences, const MemoryOptions& o) {
  std::int64_t tokens = depth;
  if (a.kind == AttentionKind::sliding) tokens = std::min<std::int64_t>(depth, a.window);
  std::int64_t index = 0;
  if (a.attended_most > 0 && a.compression == 0) {
    if (a.indexer_dim > 0) index = bytes_of_width(o.kv_type_k, a.indexer_dim) * depth;
    tokens = std::min<std::int64_t>(depth, a.attended_most);
  }
  const std::int64_t row = bytes_of_width(o.kv_type_k, a.key_width()) + bytes_of_width(o.kv_type_v, a.value_width());
  if (a.compression > 0) {
    const std::int64_t entries = a.compressed(depth);
    index = bytes_of_width(o.kv_type_k, a.indexer_dim) * entries;
    tokens = std::min<std::int64_t>(depth, a.window) + chosen(a, entries);
  }
  return Bytes{(row * tokens + index) * sequences};
}

// Multiply-adds of one token through the layer's matrices, times two.
double linear_flops(const ModelShape& shape, const LayerShape& layer) {
  const double width = shape.hidden;
  double macs = 0;
  if (layer.attention) {
    const AttentionShape& a = *layer.attention;
    const double q = static_cast<double>(a.heads) * a.key_dim;
    const double out = static_cast<double>(a.heads) * a.value_dim;
    if (a.keys_are_values) {
      const double made = a.compression == 0 ? 0 : a.indexer_dim > 0 ? 4.0 * (a.key_dim + a.indexer_dim) : 2.0 * a.key_dim;
      macs += width * a.query_rank + a.query_rank * (q + static_cast<double>(a.indexer_heads) * a.indexer_dim);
      macs += width * (a.key_dim + made + a.indexer_heads);
    } else if (a.kind == AttentionKind::latent) {
      macs += a.query_rank > 0 ? width * a.query_rank + a.query_rank * q : width * q;
      macs += width * static_cast<double>(a.key_width());
      macs += static_cast<double>(a.heads) * a.latent_dim * ((a.key_dim - a.rope_dim) + a.value_dim);
    } else {
      macs += width * q;
      if (!a.shares_kv_of) {
        macs += width * static_cast<double>(a.key_width() + (a.values_from_keys ? 0 : a.value_width()));
      }
    }
    macs += a.output_groups > 0 ? (out + width * a.output_groups) * a.output_rank : out * width;
  }
  if (layer.recurrent) {
    const RecurrentShape& r = *layer.recurrent;
    const double inner = static_cast<double>(r.inner);
    switch (r.kind) {
      case RecurrentKind::mamba2:
        macs += width * (inner + static_cast<double>(r.conv_channels) + r.heads) + inner * width;
        break;
      case RecurrentKind::gated_delta_net:
        macs += width * (static_cast<double>(r.conv_channels) + inner + 2.0 * r.heads) + inner * width;
        break;
      case RecurrentKind::kimi_delta:
        macs += width * (3 * inner + 2.0 * r.state_dim + r.heads) + 2.0 * r.state_dim * inner + inner * width;
        break;
      case RecurrentKind::short_convolution:
        macs += 4 * width * width;
        break;
    }
    // The state is decayed, updated and read once a token.
    macs += static_cast<double>(r.conv_kernel) * static_cast<double>(r.conv_channels) +
            3.0 * static_cast<double>(r.state_elements());
  }
  const FeedForwardShape& f = layer.ffn;
  const bool plain = shape.architecture == "nemotron_h" || shape.architecture == "nemotron_h_moe" ||
                     shape.architecture == "starcoder2" || shape.architecture == "arcee" ||
                     shape.architecture == "apertus";
  const double matrices = plain ? 2 : 3;
  macs += matrices * width * f.dense;
  if (f.experts > 0) {
    const double inside = f.latent > 0 ? f.latent : shape.hidden;
    macs += width * f.experts + matrices * inside * f.expert * f.experts_active + matrices * width * f.shared;
    if (f.latent > 0) macs += 2 * width * f.latent;
  }
  if (shape.per_layer_embedding > 0) macs += 2 * width * shape.per_layer_embedding;
  return 2 * macs;
}

// Sum over the new tokens of the earlier tokens (and itself) that each attends to, at most `most` of them.
double attended(std::int64_t tokens, std::int64_t depth, std::int64_t most) {
  const double n = static_cast<double>(tokens), d = static_cast<double>(depth);
  if (most <= 0 || depth + tokens <= most) return n * d + n * (n + 1) / 2;
  if (depth >= most) return n * static_cast<double>(most);
  const double growing = static_cast<double>(most - depth);
  return growing * d + growing * (growing + 1) / 2 + (n - growing) * static_cast<double>(most);
}

double attention_flops(const AttentionShape& a, std::int64_t tokens, std::int64_t depth) {
  const std::int64_t most = a.kind == AttentionKind::sliding ? a.window : a.attended_most;
  double pairs = attended(tokens, depth, most);
  double widths = a.key_dim + a.value_dim;
  // One token at a time attends in the latent space; a prompt is expanded to heads by engines that prefill well.
  if (a.kind == AttentionKind::latent && tokens == 1) widths = 2.0 * a.latent_dim + a.rope_dim;
  double indexed = a.indexer_dim > 0 ? attended(tokens, depth, 0) : 0;
  if (a.compression > 0) {
    pairs += attended(tokens, depth, std::int64_t{a.attended_most} * a.compression) / a.compression;
    indexed /= a.compression;
  }
  double flops = 2.0 * a.heads * widths * pairs;
  flops += 2.0 * a.indexer_heads * a.indexer_dim * indexed;
  return flops;
}

}  // namespace

DecodeReads layer_reads(const ModelShape& shape, const ModelWeights& weights, std::size_t i, std::int64_t depth,
                        int sequences, const MemoryOptions& options) {
  DecodeReads reads;
  if (i >= shape.layers.size() || i >= weights.layers.size() || shape.layers[i].mtp) return reads;
  const LayerShape& layer = shape.layers[i];
  const LayerWeights& w = weights.layers[i];
  reads.attention = w.attention;
  reads.dense_ffn = w.dense_ffn;
  reads.active_experts = scaled(w.experts, touched_share(layer.ffn, sequences));
  reads.shared_experts = w.shared_experts + w.router;
  if (layer.attention) reads.kv = kv_read(*layer.attention, depth, sequences, options);
  if (layer.recurrent) {
    const std::int64_t numbers = layer.recurrent->conv_elements() + layer.recurrent->state_elements();
    reads.recurrent = Bytes{2 * 4 * numbers * sequences};
  }
  return reads;
}

DecodeReads decode_reads(const ModelShape& shape, const ModelWeights& weights, std::int64_t depth, int sequences,
                         const MemoryOptions& options) {
  DecodeReads sum;
  for (std::size_t i = 0; i < shape.layers.size(); ++i) {
    const DecodeReads one = layer_reads(shape, weights, i, depth, sequences, options);
    sum.attention += one.attention;
    sum.dense_ffn += one.dense_ffn;
    sum.active_experts += one.active_experts;
    sum.shared_experts += one.shared_experts;
    sum.kv += one.kv;
    sum.recurrent += one.recurrent;
  }
  sum.attention += weights.other;
  sum.output_head = weights.output_head();
  if (shape.vocabulary > 0) {
    const Bytes table = (weights.output.value > 0 ? weights.token_embedding : Bytes{0}) + weights.per_layer_embedding;
    sum.embedding_rows = Bytes{table.value / shape.vocabulary * sequences};
  }
  return sum;
}

PassFlops pass_flops(const ModelShape& shape, std::int64_t tokens, std::int64_t depth, std::int64_t outputs) {
  double linear = 0, attention = 0;
  for (const LayerShape& layer : shape.layers) {
    if (layer.mtp) continue;
    linear += linear_flops(shape, layer) * static_cast<double>(tokens);
    if (layer.attention) attention += attention_flops(*layer.attention, tokens, depth);
  }
  const double head = 2.0 * shape.hidden * static_cast<double>(shape.vocabulary) * static_cast<double>(outputs);
  return {Flop{linear}, Flop{head}, Flop{attention}};
}

}  // namespace hardscape
