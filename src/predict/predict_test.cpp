#include "hardscape/predict.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hardscape {
namespace {

Fact<BytesPerSecond> gb_per_s(double value) { return {BytesPerSecond{value * 1e9}, {Origin::catalogued, "test", "", {}}}; }

// GeForce RTX 4090: 1008 GB/s, 82.58 TFLOP/s FP32, 24 GB, 660.6 INT8 TOPS (vendor whitepaper).
Machine rtx_4090() {
  Machine machine;
  Accelerator gpu;
  gpu.id = "gpu0";
  gpu.vendor = "NVIDIA";
  gpu.name = "GeForce RTX 4090";
  gpu.compute_capability = "8.9";
  gpu.bandwidth = gb_per_s(1008);
  gpu.fp32 = Fact<FlopsPerSecond>{FlopsPerSecond{82.58e12}, {}};
  gpu.fp16 = Fact<FlopsPerSecond>{FlopsPerSecond{165.2e12}, {}};
  gpu.int8 = Fact<OpsPerSecond>{OpsPerSecond{660.6e12}, {}};
  gpu.memory.total = Fact<Bytes>{Bytes{24 * k_gib}, {}};
  gpu.usable = true;
  machine.accelerators.push_back(gpu);
  machine.memory.total = Bytes{64 * k_gib};
  machine.memory.bandwidth = gb_per_s(83.2);
  return machine;
}

ModelWork llama_2_7b(std::string_view quant, double gib) {
  return *model_work("Llama-2-7B", 6.74e9, {}, quant, Bytes{static_cast<std::int64_t>(gib * 1073741824.0)});
}

const Backend& cuda() { return *find_backend("llama.cpp/cuda"); }

double decode_rate(const ComputeDevice& device, const ModelWork& model, const Workload& work, const Split& split = {}) {
  return predict_decode(device, model, work, cuda(), split)->tokens_per_s.mid;
}

TEST(Predict, HoldsWhatTheLlamaCppScoreboardMeasured) {
  // ggml-org/llama.cpp discussion 15013: RTX 4090, Llama-2-7B Q4_0 (3.56 GiB), tg128 186.2, pp512 11993 without FA.
  const auto device = *compute_device(rtx_4090());
  Workload work;
  const auto decode = predict_decode(device, llama_2_7b("Q4_0", 3.56), work, cuda());
  ASSERT_TRUE(decode);
  EXPECT_LT(decode->tokens_per_s.low, 186.2);
  EXPECT_GT(decode->tokens_per_s.high, 186.2);
  work.tokens = 512;
  const auto prefill = predict_prefill(device, llama_2_7b("Q4_0", 3.56), work, cuda());
  ASSERT_TRUE(prefill);
  EXPECT_LT(prefill->tokens_per_s.low, 11993);
  EXPECT_GT(prefill->tokens_per_s.high, 11993);
}

TEST(Predict, NeverReadsFasterThanTheMemory) {
  const auto device = *compute_device(rtx_4090());
  for (const double gib : {1.0, 4.0, 8.0, 16.0}) {
    const auto model = llama_2_7b("Q4_0", gib);
    const double most = device.bandwidth.value / model.read_bytes;
    EXPECT_LT(decode_rate(device, model, {}), most) << gib;
  }
}

TEST(Predict, IsMonotoneInBandwidthWeightsAndContext) {
  auto device = *compute_device(rtx_4090());
  const auto model = llama_2_7b("Q4_0", 3.56);
  Workload work;
  double last = decode_rate(device, model, work);
  for (const double context : {1024.0, 4096.0, 16384.0}) {
    work.context = context;
    const double now = decode_rate(device, model, work);
    EXPECT_LT(now, last) << context;
    last = now;
  }
  const double before = decode_rate(device, model, {});
  EXPECT_LT(decode_rate(device, llama_2_7b("Q8_0", 6.67), {}), before);
  device.bandwidth = device.bandwidth * 2.0;
  EXPECT_GT(decode_rate(device, model, {}), before);
}

TEST(Predict, TermsAddUpToTheStep) {
  const auto device = *compute_device(rtx_4090());
  for (const bool prefill : {false, true}) {
    Workload work;
    work.context = 2000;
    const auto speed = prefill ? predict_prefill(device, llama_2_7b("Q4_0", 3.56), work, cuda())
                               : predict_decode(device, llama_2_7b("Q4_0", 3.56), work, cuda());
    double sum = 0;
    for (const auto& term : speed->parts()) sum += term.time.value;
    EXPECT_NEAR(sum, speed->step.value, 1e-12);
    EXPECT_GT(speed->term_count, 2U);
  }
}

TEST(Predict, LayerSplitAddsMemoryButNoSpeedAndTensorSplitAddsBoth) {
  const auto device = *compute_device(rtx_4090());
  const auto model = llama_2_7b("F16", 12.55);
  const double one = decode_rate(device, model, {});
  EXPECT_LE(decode_rate(device, model, {}, {SplitKind::layers, 4, 0, false, nullptr}), one);
  EXPECT_GT(decode_rate(device, model, {}, {SplitKind::tensor, 4, 0, false, nullptr}), one);
  EXPECT_LT(decode_rate(device, model, {}, {SplitKind::tensor, 4, 0, false, nullptr}), 4 * one);
}

TEST(Predict, OffloadLiesBetweenDeviceAndHost) {
  const auto machine = rtx_4090();
  const auto device = *compute_device(machine);
  const auto host = *compute_device(machine, "cpu0");
  const auto model = llama_2_7b("Q4_0", 3.56);
  double last = decode_rate(device, model, {});
  for (const double share : {0.25, 0.5, 1.0}) {
    const double now = decode_rate(device, model, {}, {SplitKind::layers, 1, share, false, &host});
    EXPECT_LT(now, last) << share;
    last = now;
  }
}

TEST(Predict, BatchesShareTheWeightsUpToTheRidge) {
  const auto device = *compute_device(rtx_4090());
  const auto model = llama_2_7b("F16", 12.55);
  Workload work;
  double last = decode_rate(device, model, work);
  for (const int batch : {2, 8, 32}) {
    work.batch = batch;
    work.tokens = 16;
    const double now = decode_rate(device, model, work);
    EXPECT_GT(now, last) << batch;
    EXPECT_LT(now, batch * decode_rate(device, model, {}) * 1.05) << batch;
    last = now;
  }
}

TEST(Predict, SaysWhyItCannot) {
  auto machine = rtx_4090();
  const auto device = *compute_device(machine);
  const auto large = predict_decode(device, *model_work("70B", 70.55e9, {}, "Q4_K_M", {}), {}, cuda());
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::unavailable);
  EXPECT_NE(large.error().message.find("GiB"), std::string::npos);
  machine.accelerators[0].bandwidth.reset();
  EXPECT_FALSE(compute_device(machine, "gpu0"));
  EXPECT_FALSE(compute_device(machine, "gpu7"));
  EXPECT_FALSE(model_work("mystery", {}, {}, "Q4_K_M", {}));
  EXPECT_FALSE(model_work("mystery", 7e9, {}, "no such format", {}));
}

TEST(Predict, RefusesWhatCannotRun) {
  const auto device = *compute_device(rtx_4090());
  const auto metal = predict_decode(device, llama_2_7b("Q4_0", 3.56), {}, *find_backend("mlx/metal"));
  ASSERT_FALSE(metal);
  EXPECT_EQ(metal.error().code, ErrorCode::unsupported);
  EXPECT_NE(metal.error().message.find("Metal runs on Apple"), std::string::npos);
}

TEST(Predict, SlidingWindowsKeepLongPromptsCheap) {
  const auto device = *compute_device(rtx_4090());
  auto model = llama_2_7b("Q4_0", 3.56);
  Workload work;
  work.tokens = 512;
  work.context = 32000;
  const double whole = predict_prefill(device, model, work, cuda())->tokens_per_s.mid;
  model.window_layers = model.attention_layers;
  model.window_width = model.attention_width;
  model.attention_layers = 0;
  model.kv_window_tokens = 1024;
  model.kv_window_bytes = model.kv_bytes_per_token * 1024;
  model.kv_bytes_per_token = 0;
  const double windowed = predict_prefill(device, model, work, cuda())->tokens_per_s.mid;
  EXPECT_GT(windowed, 1.5 * whole);
  work.context = 1024;
  EXPECT_NEAR(predict_prefill(device, model, work, cuda())->tokens_per_s.mid, windowed, 0.01 * windowed);
}

TEST(Predict, TakesWhatCoresWereMeasuredToDrawNearlyWhole) {
  // A two-core EPYC guest: 24.2 GB/s read by both cores, Llama-3.1-8B Q4_K_M (4.58 GiB) decoded at 4.13 tokens/s.
  Machine machine;
  Processor processor;
  processor.name = "AMD EPYC";
  processor.vendor = "AMD";
  processor.cores = 2;
  processor.features = {"avx2", "fma"};
  machine.processors.push_back(processor);
  machine.memory.total = Bytes{24 * k_gib};
  machine.memory.bandwidth = Fact<BytesPerSecond>{BytesPerSecond{24.2e9}, {Origin::measured, "test", "", {}}};
  const auto device = *compute_device(machine, "cpu0");
  const auto model = *model_work("Llama-3.1-8B", 8.03e9, {}, "Q4_K_M", Bytes{static_cast<std::int64_t>(4.58 * 1073741824.0)});
  const auto speed = predict_decode(device, model, {}, *find_backend("llama.cpp/cpu"));
  ASSERT_TRUE(speed);
  EXPECT_NEAR(speed->tokens_per_s.mid, 4.13, 0.2 * 4.13);
}

TEST(Predict, UnitsBoundWhatTheMemoryWouldGive) {
  // The same memory behind half the compute units is read no faster, and slower where their loads in flight run out.
  auto device = *compute_device(rtx_4090());
  device.bandwidth = BytesPerSecond{2e12};
  const auto model = llama_2_7b("F16", 12.55);
  const double many = decode_rate(device, model, {});
  device.vector = FlopsPerSecond{device.vector.value / 4};
  EXPECT_LT(decode_rate(device, model, {}), 0.9 * many);
}

TEST(Predict, MixturesReadTheirActiveExpertsOnly) {
  const auto device = *compute_device(rtx_4090());
  const auto mixture = *model_work("30B-A3B", 30.5e9, 3.3e9, "Q4_0", {});
  const auto dense = *model_work("30B", 30.5e9, {}, "Q4_0", {});
  EXPECT_GT(decode_rate(device, mixture, {}), 2 * decode_rate(device, dense, {}));
}

TEST(Predict, SpeculationHelpsWithWillingDraftsOnly) {
  const auto device = *compute_device(rtx_4090());
  const auto model = llama_2_7b("F16", 12.55);
  Workload work;
  const double plain = decode_rate(device, model, work);
  work.draft_acceptance = 0.8;
  EXPECT_GT(decode_rate(device, model, work), 1.5 * plain);
  work.draft_acceptance = 0.0;
  EXPECT_LE(decode_rate(device, model, work), plain * 1.0001);
}

TEST(Calibrate, MeetsThePointsAndCarriesOver) {
  const auto device = *compute_device(rtx_4090());
  // A machine that is a tenth slower at reading and half again slower at launching.
  Calibration truth;
  truth.memory = 1.1;
  truth.overhead = 1.5;
  std::vector<CalibrationPoint> points;
  for (const double gib : {0.8, 3.56, 12.0}) {
    CalibrationPoint point;
    point.model = llama_2_7b("Q4_0", gib);
    point.tokens_per_s = predict_decode(device, point.model, point.work, cuda(), {}, truth)->tokens_per_s.mid;
    points.push_back(point);
  }
  const auto found = calibrate(device, cuda(), points);
  EXPECT_EQ(found.decode_points, 3);
  EXPECT_EQ(found.origin, Origin::calibrated);
  const auto other = llama_2_7b("Q8_0", 7);
  const double want = predict_decode(device, other, {}, cuda(), {}, truth)->tokens_per_s.mid;
  EXPECT_NEAR(predict_decode(device, other, {}, cuda(), {}, found)->tokens_per_s.mid, want, 0.02 * want);
}

TEST(Calibrate, IsNotLedByOneOddPoint) {
  const auto device = *compute_device(rtx_4090());
  std::vector<CalibrationPoint> points;
  for (const double gib : {0.8, 2.0, 3.56, 6.0, 12.0}) {
    CalibrationPoint point;
    point.model = llama_2_7b("Q4_0", gib);
    point.tokens_per_s = decode_rate(device, point.model, {});
    points.push_back(point);
  }
  points[2].tokens_per_s /= 3;  // another program had the GPU
  const auto found = calibrate(device, cuda(), points);
  const auto other = llama_2_7b("Q8_0", 7);
  const double want = decode_rate(device, other, {});
  EXPECT_NEAR(predict_decode(device, other, {}, cuda(), {}, found)->tokens_per_s.mid, want, 0.06 * want);
}

TEST(Calibrate, TakesPrefillApart) {
  const auto device = *compute_device(rtx_4090());
  CalibrationPoint point;
  point.model = llama_2_7b("Q4_0", 3.56);
  point.prefill = true;
  point.work.tokens = 512;
  point.tokens_per_s = predict_prefill(device, point.model, point.work, cuda())->tokens_per_s.mid / 1.3;
  const auto found = calibrate(device, cuda(), std::span(&point, 1));
  EXPECT_NEAR(found.prefill, 1.3, 0.01);
  EXPECT_EQ(found.decode_points, 0);
  EXPECT_DOUBLE_EQ(found.memory, 1);
}

TEST(Calibrate, IgnoresImpossiblePoints) {
  const auto device = *compute_device(rtx_4090());
  CalibrationPoint point;
  point.model = llama_2_7b("Q4_0", 3.56);
  point.tokens_per_s = 1e6;
  EXPECT_EQ(calibrate(device, cuda(), std::span(&point, 1)).decode_points, 0);
}

TEST(Serving, ObeysLittle) {
  const auto device = *compute_device(rtx_4090());
  const auto serving = predict_serving(device, llama_2_7b("Q4_0", 3.56), 512, 128, 8, *find_backend("vllm/cuda"));
  ASSERT_TRUE(serving);
  // In steady state each of the 8 requests gets one token a TPOT, but for its own prefill.
  const double rate = serving->output_tokens_per_s.mid;
  EXPECT_NEAR(rate * serving->time_per_output_token_s.mid, 8, 1.2);
  EXPECT_LT(serving->time_to_first_token_s.low, serving->time_to_first_token_s.high);
}

// A step of many sequences takes as long alone as between the prompts of a server.
TEST(Serving, TellsOneSpeedOfManySequences) {
  const auto device = *compute_device(rtx_4090());
  const auto model = llama_2_7b("Q4_0", 3.56);
  const Backend& vllm = *find_backend("vllm/cuda");
  const auto serving = predict_serving(device, model, 1, 512, 8, vllm);
  Workload work;
  work.context = 1;
  work.tokens = 512;
  work.batch = 8;
  const auto together = predict_decode(device, model, work, vllm);
  ASSERT_TRUE(serving && together);
  EXPECT_NEAR(together->tokens_per_s.mid / serving->output_tokens_per_s.mid, 1, 0.1);
  EXPECT_NEAR(together->tokens_per_s.low / together->tokens_per_s.mid, serving->output_tokens_per_s.low / serving->output_tokens_per_s.mid, 1e-9);
}

}  // namespace
}  // namespace hardscape
