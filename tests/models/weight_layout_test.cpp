// Tensors counted together against the same tensors counted one by one.
#include <gtest/gtest.h>

#include <set>

#include "hardscape/catalogue.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/model_record.hpp"
#include "hardscape/weight_layout.hpp"

namespace hardscape {
namespace {

TEST(WeightLayout, CountsWhatTheListOfTensorsAddsUpTo) {
  const Catalogue catalogue = Catalogue::built_in();
  std::set<std::string> seen;
  for (const ModelRecord& record : catalogue.models()) {
    const auto shape = shape_of(record);
    if (!shape || !shape->weights_unknown.empty() || !seen.insert(shape->architecture).second) continue;
    const auto layout = WeightLayout::of(*shape);
    ASSERT_TRUE(layout) << layout.error().message;
    for (const Quantization& mix : quantizations()) {
      SCOPED_TRACE(record.id + " " + mix.id);
      const auto together = layout->in(mix.id);
      const auto tensors = tensors_of(*shape, mix.id);
      ASSERT_TRUE(together && tensors);
      const ModelWeights single = weights_of_tensors(*shape, *tensors);
      EXPECT_EQ(together->total(), single.total());
      EXPECT_EQ(together->by_format, single.by_format);
      EXPECT_EQ(together->parameters, single.parameters);
      EXPECT_EQ(together->token_embedding, single.token_embedding);
      EXPECT_EQ(together->output, single.output);
      ASSERT_EQ(together->layers.size(), single.layers.size());
      for (std::size_t i = 0; i < single.layers.size(); ++i) {
        EXPECT_EQ(together->layers[i].total(), single.layers[i].total()) << "layer " << i;
        EXPECT_EQ(together->layers[i].experts, single.layers[i].experts) << "layer " << i;
      }
    }
  }
  EXPECT_GE(seen.size(), 20u);
}

TEST(WeightLayout, RefusesWhatCannotBeLaidOut) {
  ModelShape shape;
  shape.architecture = "no such architecture";
  EXPECT_FALSE(WeightLayout::of(shape));
  shape.architecture = "llama";
  const auto layout = WeightLayout::of(shape);
  ASSERT_TRUE(layout);
  EXPECT_FALSE(layout->in("Q4_K_X"));
}

}  // namespace
}  // namespace hardscape
