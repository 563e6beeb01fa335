// Shorter versions of a model, and the whole from two of them.
#include <algorithm>
#include <cmath>

#include "hardscape/model_memory.hpp"
#include "hardscape/synthetic.hpp"

namespace hardscape {
namespace {

constexpr int k_most_layers = 16;      // in the larger version: more only takes longer
constexpr int k_apart = 4;             // times as many repeats in it as in the shorter: the nearer they are, the more their noise counts
constexpr double k_normal_80 = 1.2816; // 80 % of a normal distribution lie within so many deviations
constexpr double k_least_noise = 0.02; // what two processes differ by, however well the runs of one agree
constexpr double k_model_error = 0.05; // of the straight line itself

struct Pattern {
  int leading = 0;  // layers of a kind that does not come again
  int period = 0;
};

// Layers repeat with a period after the leading ones.
std::optional<Pattern> pattern_of(const std::vector<LayerShape>& layers) {
  const int count = static_cast<int>(layers.size());
  const auto at = [&](int i) -> const LayerShape& { return layers[static_cast<std::size_t>(i)]; };
  Pattern out;
  while (out.leading < count && std::none_of(layers.begin() + out.leading + 1, layers.end(), [&](const LayerShape& l) {
           return l == at(out.leading); })) ++out.leading;
  // Several leading layers of one kind (dense ones before experts).
  if (out.leading == 0) {
    int same = 1;
    while (same < count && at(same) == at(0)) ++same;
    if (same < count && std::none_of(layers.begin() + same, layers.end(), [&](const LayerShape& l) { return l == at(0); })) out.leading = same;
  }
  for (int period = 1; out.leading + 3 * period <= count; ++period) {
    bool repeats = true;
    for (int i = out.leading + period; i < count && repeats; ++i) repeats = at(i) == at(i - period);
    if (!repeats) continue;
    out.period = period;
    return out;
  }
  return std::nullopt;
}

double line(double t1, double t2, double w1, double w2, double w) { return t1 + (t2 - t1) * (w - w1) / (w2 - w1); }

Result<Estimate> rate(double t1, double t2, double w1, double w2, double w, double noise1, double noise2, double tokens) {
  const double t = line(t1, t2, w1, w2, w);
  if (!(t > 0) || !(t2 > t1))
    return Error{ErrorCode::unavailable, "the longer version was not slower than the shorter one, so nothing follows for the whole model; measure again on a quieter machine"};
  const double reach = (w - w1) / (w2 - w1);
  const double deviation = std::hypot((1 - reach) * t1 * std::max(noise1, k_least_noise), reach * t2 * std::max(noise2, k_least_noise)) / t;
  const double wide = std::hypot(k_normal_80 * deviation, k_model_error);
  return Estimate{tokens / (t * (1 + wide)), tokens / t, tokens / (t * std::max(0.1, 1 - wide)), Origin::calibrated};
}

}  // namespace

ModelShape shortened(const ModelShape& shape, int layers) {
  ModelShape out = shape;
  out.layers.erase(std::remove_if(out.layers.begin(), out.layers.end(), [](const LayerShape& l) { return l.mtp; }), out.layers.end());
  out.layers.resize(std::min(out.layers.size(), static_cast<std::size_t>(std::max(1, layers))));
  out.params.reset();
  out.active_params.reset();
  return out;
}

Result<ShorterPair> shorter_pair(const ModelShape& shape, const std::string& quantization, Bytes room) {
  const ModelShape main = shortened(shape, static_cast<int>(shape.layers.size()));
  for (const auto& layer : main.layers)
    if (layer.attention && layer.attention->shares_kv_of)
      return Error{ErrorCode::unsupported, shape.id + " cannot be shortened: its layers share the keys and values of others"};
  const auto pattern = pattern_of(main.layers);
  if (!pattern) return Error{ErrorCode::unsupported, shape.id + " cannot be shortened: its layers follow no pattern that repeats"};
  ShorterPair out;
  const int count = static_cast<int>(main.layers.size());
  for (int repeats = 2;; ++repeats) {
    const ShorterPair pair{pattern->leading + std::max(1, repeats / k_apart) * pattern->period, pattern->leading + repeats * pattern->period};
    if (pair.more >= count || (repeats > 2 && pair.more > k_most_layers)) break;
    const auto bytes = synthetic_bytes(shortened(main, pair.more), quantization);
    if (!bytes) return bytes.error();
    if (*bytes > room) break;
    out = pair;
  }
  if (out.more == 0)
    return Error{ErrorCode::invalid_argument, shape.id + " in " + quantization + ": not even " + std::to_string(pattern->leading + 2 * pattern->period) +
                                                  " of its " + std::to_string(count) + " layers fit in the " + std::to_string(room.value) + " bytes that there are"};
  return out;
}

Result<BenchPoint> point_of(const BenchReport& report, const ModelShape& shape, const std::string& quantization) {
  const auto weights = weights_of(shape, quantization);
  if (!weights) return weights.error();
  BenchPoint out;
  out.layers = shape.main_layers();
  out.weights = weights->total();
  MemoryOptions options;
  options.kv_type_k = options.kv_type_v = report.options.kv_type;
  const auto depth = std::int64_t{report.options.depth} + report.prompt_tokens + report.generated_tokens / 2;
  out.bytes_per_token = decode_reads(shape, *weights, depth, 1, options).total();
  out.prefill_flop = pass_flops(shape, report.prompt_tokens, report.options.depth).total().value;
  if (report.decode_tokens_per_s.median > 0) {
    out.decode_s = 1 / report.decode_tokens_per_s.median;
    out.noise = report.decode_tokens_per_s.stddev / report.decode_tokens_per_s.median;
  }
  if (report.prefill_tokens_per_s.median > 0) {
    out.prefill_s = report.prompt_tokens / report.prefill_tokens_per_s.median;
    out.prefill_noise = report.prefill_tokens_per_s.stddev / report.prefill_tokens_per_s.median;
  }
  return out;
}

BenchPoint mean_of(const BenchPoint& a, const BenchPoint& b) {
  BenchPoint out = a;
  const auto apart = [](double x, double y) { return x + y > 0 ? (x - y) / (x + y) : 0; };
  out.noise = std::hypot(std::max(a.noise, b.noise), apart(a.decode_s, b.decode_s));
  out.prefill_noise = std::hypot(std::max(a.prefill_noise, b.prefill_noise), apart(a.prefill_s, b.prefill_s));
  out.decode_s = (a.decode_s + b.decode_s) / 2;
  out.prefill_s = (a.prefill_s + b.prefill_s) / 2;
  return out;
}

Result<BenchExtrapolation> extrapolate(const BenchPoint& few, const BenchPoint& more, const BenchPoint& whole, int prompt_tokens) {
  if (!(more.bytes_per_token > few.bytes_per_token) || !(more.prefill_flop > few.prefill_flop))
    return Error{ErrorCode::invalid_argument, "extrapolating needs two versions of different length"};
  BenchExtrapolation out;
  out.layers = whole.layers;
  out.points = {few, more};
  const auto bytes = [](const BenchPoint& p) { return static_cast<double>(p.bytes_per_token.value); };
  const auto decode = rate(few.decode_s, more.decode_s, bytes(few), bytes(more), bytes(whole), few.noise, more.noise, 1);
  if (!decode) return decode.error();
  const auto prefill = rate(few.prefill_s, more.prefill_s, few.prefill_flop, more.prefill_flop, whole.prefill_flop, few.prefill_noise, more.prefill_noise,
                            prompt_tokens);
  if (!prefill) return prefill.error();
  out.decode_tokens_per_s = *decode;
  out.prefill_tokens_per_s = *prefill;
  return out;
}

}  // namespace hardscape
