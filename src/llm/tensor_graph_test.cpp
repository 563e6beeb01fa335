#include "llm/tensor_graph.hpp"

#include <gtest/gtest.h>

namespace hardscape::llm {
namespace {

TEST(TensorGraph, FreesAfterTheLastReader) {
  TensorGraph g;
  const auto a = g.node(128, {});
  const auto b = g.node(256, {a});
  const auto c = g.node(128, {b});  // takes the room of a
  g.expand(c);
  EXPECT_EQ(g.peak(32).bytes, 384);
}

TEST(TensorGraph, OverwritesASourceThatNobodyElseReads) {
  TensorGraph g;
  const auto a = g.node(100, {});
  const auto b = g.in_place(100, {a});
  g.expand(b);
  EXPECT_EQ(g.peak(32).bytes, 128);

  TensorGraph kept;
  const auto c = kept.node(100, {});
  kept.keep(c);
  kept.expand(kept.in_place(100, {c}));
  EXPECT_EQ(kept.peak(32).bytes, 256);

  TensorGraph viewed;
  const auto d = viewed.node(100, {});
  viewed.expand(viewed.in_place(100, {viewed.view(d)}));
  EXPECT_EQ(viewed.peak(32).bytes, 256);
}

TEST(TensorGraph, TakesTheSmallestGapThatIsLargeEnough) {
  TensorGraph g;
  const auto large = g.node(512, {});
  const auto hold = g.node(32, {large});
  const auto small = g.node(128, {hold});         // into the gap that `large` left
  const auto hold_too = g.node(32, {hold, small});  // behind it
  const auto fits = g.node(128, {hold, hold_too});  // the gap of `small` exactly, not the larger one
  g.expand(g.node(352, {hold, hold_too, fits}));    // which is still whole
  EXPECT_EQ(g.peak(32).bytes, 544);
}

}  // namespace
}  // namespace hardscape::llm
