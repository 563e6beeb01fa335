#include "api/serving_way.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "api/device_link.hpp"
#include "hardscape/api_predict.hpp"
#include "hardscape/catalogue.hpp"
#include "hardscape/model_record.hpp"
#include "hardscape/recommend.hpp"
#include "hardscape/fit_tensor_split.hpp"
#include "support/catalogue.hpp"

namespace hardscape {
namespace {

// Two RTX 3090 in slots of PCI Express 4.0 x16 and x4, vLLM at 0.85 of the memory, 4,096 tokens in and 1,024 out, as many
// requests at once as the memory holds: output tokens a second of all (r/LocalLLaMA 1kkvqti, May 2025).
TEST(ServingWay, ReachesWhatTwoCardsInADesktopDid) {
  constexpr double k_tokens_in = 4096, k_tokens_out = 1024;
  struct Row { const char* model; const char* quant; double measured, at_most; };
  // Marlin's kernels multiply the long prompts of the first more slowly than those of 16-bit weights, which is not modelled.
  for (const Row& r : {Row{"qwen3-32b", "AWQ-4bit", 124, 1.5}, Row{"qwen3-14b", "F16", 214, 1.2}}) {
    const auto machine = machine_from_name("2x rtx-3090", catalogue());
    auto device = compute_device(*machine);
    ASSERT_TRUE(device);
    device->memory.reset();
    take_link(*device, slot_link(*catalogue().find_device("rtx-3090"), 4, catalogue()));
    const ModelRecord& record = *catalogue().find_model(r.model);
    const auto shape = shape_of(record);
    const auto weights = weights_of(*shape, r.quant);
    const Bytes memory{static_cast<std::int64_t>(23.6 * 0.85 / 0.9 * static_cast<double>(k_gib))};
    int flight = 1;
    while (tensor_split(*shape, *weights, memory, 2, static_cast<std::int64_t>(k_tokens_in + k_tokens_out), flight + 1)->fits()) ++flight;
    const auto work = model_work(record, r.quant);
    const auto serving = predict_serving(*device, *work, k_tokens_in, k_tokens_out, flight, *find_backend("vllm/cuda"),
                                         {SplitKind::tensor, 2, 0, false, nullptr});
    ASSERT_TRUE(serving);
    const double ratio = serving->output_tokens_per_s.mid / r.measured;
    EXPECT_GT(ratio, 0.85) << r.model << ", " << flight << " requests at once";
    EXPECT_LT(ratio, r.at_most) << r.model << ", " << flight << " requests at once";
  }
}

TEST(ServingWay, IsForLinuxAndForCardsAndFormatsThatTheEngineHas) {
  const auto engine_of = [](const char* machine, const char* quant, const char* system) {
    const auto device = compute_device(*machine_from_name(machine, catalogue()));
    const auto engine = api::serving_engine(*device, quant, system);
    return engine ? engine->id : std::string();
  };
  EXPECT_EQ(engine_of("rtx-3090", "Q4_K_M", "Linux"), "vllm/cuda");
  EXPECT_EQ(engine_of("rx-7900-xtx", "Q8_0", "Linux"), "vllm/rocm");
  EXPECT_EQ(engine_of("rtx-3090", "Q4_K_M", "Windows"), "");
  EXPECT_EQ(engine_of("rtx-3090", "Q2_K", "Linux"), "");       // no fast kernel has two bits
  EXPECT_EQ(engine_of("tesla-p40", "Q4_K_M", "Linux"), "");    // compute capability 6.1
  EXPECT_EQ(engine_of("rx-6800-xt", "Q4_K_M", "Linux"), "");   // gfx1030
  EXPECT_EQ(engine_of("arc-b580", "Q4_K_M", "Linux"), "");
  EXPECT_EQ(engine_of("apple-m4-max-40", "Q4_K_M", "macOS"), "");
}

TEST(ServingWay, PredictSaysWhichEngineAndSplitItIsFor) {
  PredictRequest request;
  request.models = {"qwen3-32b"};
  const auto way = [&](const char* machine, int concurrency) {
    request.concurrency = concurrency;
    return predict_on(*machine_from_name(machine, catalogue()), machine, catalogue(), request)->at(0);
  };
  const Predicted alone = way("2x rtx-3090", 1), many = way("2x rtx-3090", 16);
  EXPECT_EQ(alone.way.find("vLLM"), std::string::npos) << alone.way;
  EXPECT_EQ(many.way, "vLLM, tensor parallel over 2 devices");
  EXPECT_EQ(many.devices, 2);
  // Four cards that reach each other over PCI Express alone, and a model that one of them holds with its part of the requests.
  request.models = {"qwen3-4b"};
  EXPECT_EQ(way("4x rtx-4090", 64).way, "vLLM, a copy on each of 4 devices");
  request.backend = "llama.cpp";
  EXPECT_EQ(way("2x rtx-3090", 16).way.find("llama.cpp"), 0U);
}

TEST(ServingWay, SelectSaysSoToo) {
  const Adviser adviser(catalogue());
  Question q;
  q.model = "llama-3.3-70b";
  q.budget = Usd{30000};
  q.location = Location::office;
  q.limits.must_own = true;
  q.limits.size = Form::workstation;
  // Of the options that are told, how many are for that engine.
  const auto served = [&](int concurrency, const char* system) {
    q.concurrency = concurrency;
    q.limits.os = system;
    const auto r = adviser.recommend(q);
    EXPECT_TRUE(r && r->primary) << concurrency << " " << system;
    std::vector<Option> options = r->alternatives;
    options.push_back(*r->primary);
    return std::count_if(options.begin(), options.end(), [](const Option& o) { return o.performance.engine.find("vLLM") == 0; });
  };
  EXPECT_GT(served(32, "linux"), 0);
  EXPECT_EQ(served(32, "windows"), 0);
  EXPECT_EQ(served(1, "linux"), 0);
}

}  // namespace
}  // namespace hardscape
