// What a token reads, tensor by tensor, against what publishers state of their files.
#include <gtest/gtest.h>

#include "hardscape/catalogue.hpp"
#include "hardscape/predict.hpp"
#include "hardscape/quantization.hpp"

namespace hardscape {
namespace {

ModelWork work_of(const char* id, const char* quant) {
  const auto catalogue = Catalogue::built_in();
  const auto* record = catalogue.find_model(id);
  EXPECT_NE(record, nullptr) << id;
  const auto work = model_work(*record, quant);
  EXPECT_TRUE(work) << id << " at " << quant;
  return work ? *work : ModelWork{};
}

// openai/gpt-oss-20b: 1,804,459,584 parameters in BF16, of which 201,088 x 2,880 are the input embedding, and 19,110,297,600 in
// MXFP4 at 4.25 bits, of which 4 experts of 32 run.
constexpr double k_wide = 1804459584.0 - 201088.0 * 2880;
constexpr double k_experts = 19110297600.0 * 4.25 / 8;

TEST(ReadBytes, ExpertsPublishedInFourBitsStaySo) {
  const auto wide = work_of("gpt-oss-20b", "F16");
  EXPECT_NEAR(wide.expert_bytes / k_experts, 1, 0.01);
  EXPECT_NEAR(wide.read_bytes / (2 * k_wide + k_experts * 4 / 32), 1, 0.01);
  EXPECT_NEAR(wide.weight_bytes / (2 * 1804459584.0 + k_experts), 1, 0.01);
  EXPECT_EQ(wide.weights, WeightKind::four_bit);
}

TEST(ReadBytes, MoreSequencesTouchMoreExperts) {
  const auto model = work_of("gpt-oss-20b", "MXFP4");
  const auto device = [] {
    ComputeDevice d;
    d.bandwidth = BytesPerSecond{1e12};
    d.vector = FlopsPerSecond{1e14};
    d.matrix = FlopsPerSecond{4e14};
    return d;
  }();
  double before = 0;
  for (const int batch : {1, 2, 8, 64}) {
    Workload work;
    work.batch = batch;
    const auto speed = predict_decode(device, model, work, *find_backend("vllm/cuda"));
    ASSERT_TRUE(speed);
    EXPECT_GT(speed->step.value, before) << batch;
    before = speed->step.value;
  }
}

// With experts on the host, the host reads those that are chosen: far less than its share of the file.
TEST(ReadBytes, ExpertsOnTheHostAreReadAsOftenAsTheyAreChosen) {
  const auto model = work_of("gpt-oss-120b", "MXFP4");
  ComputeDevice device;
  device.bandwidth = BytesPerSecond{1e12};
  device.vector = FlopsPerSecond{1e14};
  device.matrix = FlopsPerSecond{4e14};
  device.link = BytesPerSecond{25e9};
  ComputeDevice host = device;
  host.bandwidth = BytesPerSecond{80e9};
  const Split split{SplitKind::layers, 1, model.expert_bytes / model.weight_bytes, true, &host};
  const auto speed = predict_decode(device, model, {}, *find_backend("llama.cpp/cuda"), split);
  ASSERT_TRUE(speed);
  double on_host = 0;
  for (const auto& term : speed->parts())
    if (term.name == "host part") on_host = term.time.value;
  const double chosen = model.expert_bytes * 4 / 128;
  EXPECT_GT(on_host, chosen / host.bandwidth.value);
  EXPECT_LT(on_host, 3 * chosen / host.bandwidth.value);
}

// Published configurations: Nemotron-3-Super attends in 8 of 88 layers, with 2 heads of 128; DeepSeek-V4-Flash keeps one
// entry of 512 for 128 tokens in 20 layers, and an index entry of 128 for 4 tokens in 21, beside what it always reads.
TEST(ReadBytes, CachesGrowAsTheirLayersDo) {
  EXPECT_DOUBLE_EQ(work_of("nemotron-3-super-120b-a12b", "Q4_K_M").kv_bytes_per_token, 8 * 2 * 2 * 128 * 2);
  const auto compressed = work_of("deepseek-v4-flash", "Q4_K_M");
  EXPECT_DOUBLE_EQ(compressed.kv_bytes_per_token, 20 * 512 * 2 / 128.0 + 21 * 128 * 2 / 4.0);
  EXPECT_GT(compressed.kv_window_bytes, 43 * 128 * 512 * 2);
}

// Names as files and benchmarks carry them, each with the mix that lays its tensors out.
TEST(ReadBytes, FormatsAreLaidOutLikeMixesThatExist) {
  struct Row {
    const char* written;
    const char* mix;
  };
  for (const Row& row : {Row{"UD-Q4_K_XL", "Q4_K_M"}, Row{"i1-Q4_K_M", "Q4_K_M"}, Row{"Q4_0", "Q4_0"}, Row{"4bit", "MLX-4bit"}, Row{"BF16", "F16"},
                         Row{"MXFP4_MOE", "MXFP4"}, Row{"AWQ INT4 g128", "AWQ-4bit"}, Row{"UD-Q8_K_XL", "Q8_0"}, Row{"UD-IQ2_M", "IQ2_M"},
                         Row{"FP8", "FP8"}, Row{"EXL2 4.25bpw", ""}}) {
    const auto format = quantisation(row.written);
    ASSERT_TRUE(format) << row.written;
    EXPECT_EQ(format->mix, row.mix) << row.written;
    if (!format->mix.empty()) {
      EXPECT_TRUE(find_quantization(format->mix)) << row.written;
    }
  }
}

}  // namespace
}  // namespace hardscape
