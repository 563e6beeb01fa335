#include <gtest/gtest.h>

#include "hardscape/api_predict.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/model_record.hpp"
#include "hardscape/model_shape.hpp"
#include "hardscape/predict.hpp"
#include "support/catalogue.hpp"

namespace hardscape {
namespace {

// A file of a model that the catalogue knows makes the work that its record says. Apart are those that choose what they
// attend to, whose records leave the chooser's keys out, at 32,768 tokens 2 to 3 % of a step.
TEST(ModelWorkOfShape, IsThatOfTheRecord) {
  const auto machine = machine_from_name("rtx-4090", catalogue());
  ASSERT_TRUE(machine);
  auto device = *compute_device(*machine);
  device.memory.reset();
  const Backend backend = as_built(*find_backend("llama.cpp/cuda"), "");
  int compared = 0;
  for (const ModelRecord& record : catalogue().models()) {
    const auto shape = shape_of(record);
    const auto weights = shape ? weights_of(*shape, "Q4_K_M") : Result<ModelWeights>(Error{});
    if (!weights) continue;
    const auto of_record = model_work(record, "Q4_K_M");
    const auto of_shape = model_work(*shape, *weights, "Q4_K_M");
    ASSERT_TRUE(of_record && of_shape) << record.id;
    EXPECT_FALSE(of_shape->shape_assumed);
    ++compared;
    for (const double context : {0.0, 8192.0, 32768.0}) {
      Workload work;
      work.context = context;
      const auto decode = [&](const ModelWork& model) { return predict_decode(device, model, work, backend, {})->tokens_per_s.mid; };
      EXPECT_NEAR(decode(*of_shape) / decode(*of_record), 1, 0.03) << record.id << " at " << context;
      work.tokens = 512;
      const auto prefill = [&](const ModelWork& model) { return predict_prefill(device, model, work, backend, {})->tokens_per_s.mid; };
      EXPECT_NEAR(prefill(*of_shape) / prefill(*of_record), 1, 0.03) << record.id << " at " << context;
    }
  }
  EXPECT_GT(compared, 100);
}

}  // namespace
}  // namespace hardscape
