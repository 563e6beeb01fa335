// Shorter versions of models, and what two of them say about the whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "hardscape/model_memory.hpp"
#include "hardscape/synthetic.hpp"

namespace hardscape {
namespace {

LayerShape layer(AttentionKind kind, int experts = 0) {
  LayerShape out;
  out.attention = AttentionShape{};
  out.attention->kind = kind;
  out.attention->heads = 8;
  out.attention->kv_heads = 2;
  out.attention->key_dim = out.attention->value_dim = 64;
  if (kind == AttentionKind::sliding) out.attention->window = 128;
  out.ffn.dense = experts == 0 ? 1536 : 0;
  out.ffn.experts = experts;
  out.ffn.experts_active = experts > 0 ? 2 : 0;
  out.ffn.expert = experts > 0 ? 768 : 0;
  return out;
}

ModelShape model(std::vector<LayerShape> layers, std::string architecture = "llama") {
  ModelShape out;
  out.id = "test";
  out.architecture = std::move(architecture);
  out.layers = std::move(layers);
  out.hidden = 512;
  out.vocabulary = 32000;
  return out;
}

std::vector<LayerShape> repeated(std::vector<LayerShape> leading, const std::vector<LayerShape>& pattern, int layers) {
  for (int i = 0; static_cast<int>(leading.size()) < layers; ++i) leading.push_back(pattern[static_cast<std::size_t>(i) % pattern.size()]);
  return leading;
}

TEST(Shorter, KeepsTheMixOfLayers) {
  const auto full = layer(AttentionKind::full), sliding = layer(AttentionKind::sliding), experts = layer(AttentionKind::full, 8);
  struct Case {
    ModelShape shape;
    int leading, period;
  };
  const Case cases[] = {{model(repeated({}, {full}, 32)), 0, 1},
                        {model(repeated({}, {sliding, sliding, sliding, sliding, sliding, full}, 62), "gemma3"), 0, 6},
                        {model(repeated({}, {sliding, full}, 36), "gpt-oss"), 0, 2},
                        {model(repeated({full}, {experts}, 27), "qwen3moe"), 1, 1},
                        {model(repeated({full, full, full}, {experts}, 61), "qwen3moe"), 3, 1}};
  for (const auto& c : cases) {
    const auto pair = shorter_pair(c.shape, "F16", Bytes{100 * k_gib});
    ASSERT_TRUE(pair) << pair.error().message;
    EXPECT_GT(pair->few, c.leading);
    EXPECT_LT(pair->more, static_cast<int>(c.shape.layers.size()));
    EXPECT_EQ((pair->few - c.leading) % c.period, 0);
    EXPECT_EQ((pair->more - c.leading) % c.period, 0);
    // Far apart, so that the whole is not much farther: what lies between carries the noise.
    EXPECT_GE(pair->more - c.leading, 2 * (pair->few - c.leading));
    EXPECT_LE(pair->more, std::max(16, c.leading + 2 * c.period));
    EXPECT_EQ(shortened(c.shape, pair->more).layers.size(), static_cast<std::size_t>(pair->more));
  }
}

TEST(Shorter, FitsTheRoomOrSaysThatNothingDoes) {
  const auto shape = model(repeated({}, {layer(AttentionKind::full)}, 32));
  const auto least = *synthetic_bytes(shortened(shape, 2), "F16");
  const auto room = Bytes{least.value * 2};
  const auto pair = shorter_pair(shape, "F16", room);
  ASSERT_TRUE(pair);
  EXPECT_LE(*synthetic_bytes(shortened(shape, pair->more), "F16"), room);
  const auto none = shorter_pair(shape, "F16", Bytes{least.value - 1});
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("2 of its 32 layers"), std::string::npos) << none.error().message;
}

TEST(Shorter, RefusesWhatHasNoPattern) {
  auto layers = repeated({}, {layer(AttentionKind::full)}, 12);
  for (std::size_t i = 0; i < layers.size(); ++i) layers[i].ffn.dense = 512 + static_cast<int>(i);
  EXPECT_EQ(shorter_pair(model(layers), "F16", Bytes{100 * k_gib}).error().code, ErrorCode::unsupported);
  auto sharing = repeated({}, {layer(AttentionKind::full)}, 12);
  sharing[7].attention->shares_kv_of = 3;
  EXPECT_EQ(shorter_pair(model(sharing), "F16", Bytes{100 * k_gib}).error().code, ErrorCode::unsupported);
}

BenchPoint point(int layers, double fixed, double each) {
  BenchPoint out;
  out.layers = layers;
  out.bytes_per_token = Bytes{1000 + 100 * layers};
  out.prefill_flop = 5e9 + 1e9 * layers;
  out.decode_s = fixed + each * layers;
  out.prefill_s = 10 * out.decode_s;
  return out;
}

TEST(Extrapolate, IsExactWhereTimeIsLinear) {
  const auto whole = extrapolate(point(4, 0.02, 0.005), point(8, 0.02, 0.005), point(80, 0, 0), 512);
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_NEAR(whole->decode_tokens_per_s.mid, 1 / (0.02 + 80 * 0.005), 1e-9);
  EXPECT_NEAR(whole->prefill_tokens_per_s.mid, 512 / (10 * (0.02 + 80 * 0.005)), 1e-6);
  EXPECT_LT(whole->decode_tokens_per_s.low, whole->decode_tokens_per_s.mid);
  EXPECT_GT(whole->decode_tokens_per_s.high, whole->decode_tokens_per_s.mid);
  EXPECT_EQ(whole->layers, 80);
  EXPECT_EQ(whole->decode_tokens_per_s.basis, Origin::calibrated);
}

TEST(Extrapolate, ReachesFartherWithLessCertainty) {
  const auto width = [](int layers) {
    const auto e = extrapolate(point(4, 0.02, 0.005), point(8, 0.02, 0.005), point(layers, 0, 0), 512)->decode_tokens_per_s;
    return e.high / e.low;
  };
  EXPECT_LT(width(12), width(32));
  EXPECT_LT(width(32), width(126));
}

TEST(Extrapolate, CountsWhatTwoProcessesDifferBy) {
  auto a = point(8, 0.02, 0.005), b = a;
  a.noise = a.prefill_noise = b.noise = b.prefill_noise = 0.01;
  b.decode_s *= 1.2;
  const auto both = mean_of(a, b);
  EXPECT_NEAR(both.decode_s, 1.1 * a.decode_s, 1e-12);
  EXPECT_NEAR(both.noise, std::hypot(0.01, 0.1 / 1.1), 1e-12);
  EXPECT_NEAR(both.prefill_noise, 0.01, 1e-12);
  const auto width = [](const BenchPoint& more) {
    const auto e = extrapolate(point(2, 0.02, 0.005), more, point(32, 0, 0), 512)->decode_tokens_per_s;
    return e.high / e.low;
  };
  EXPECT_GT(width(both), 1.2 * width(point(8, 0.02, 0.005)));
}

TEST(Extrapolate, SaysWhenThePointsSayNothing) {
  EXPECT_FALSE(extrapolate(point(4, 0.02, 0.005), point(4, 0.02, 0.005), point(80, 0, 0), 512));
  auto faster = point(8, 0.02, 0.005);
  faster.decode_s = 0.01;
  const auto refused = extrapolate(point(4, 0.02, 0.005), faster, point(80, 0, 0), 512);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("quieter machine"), std::string::npos);
}

}  // namespace
}  // namespace hardscape
