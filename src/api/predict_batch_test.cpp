#include <gtest/gtest.h>

#include "api/csv.hpp"
#include "api/speed_test_name.hpp"
#include "hardscape/api_predict.hpp"

namespace hardscape {
namespace {

std::vector<CsvRow> batch(std::string_view body) {
  static SpeedRowResolver resolver(Catalogue::built_in());
  const std::string text = "hardware,count,backend,model,params_b,active_params_b,quant,file_gib,test,context_or_prompt,note\n" + std::string{body};
  const auto out = predict_batch(text, "t.csv", resolver);
  EXPECT_TRUE(out) << out.error().message;
  return *parse_csv(*out, "out");
}

TEST(PredictBatch, AddsItsColumnsAndKeepsTheOthers) {
  const auto rows = batch("NVIDIA GeForce RTX 4090,1,llama.cpp CUDA,Llama-2-7B,6.74,,Q4_0,3.56,tg128,0,\"mine, kept\"\n");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].back(), "reason");
  EXPECT_EQ(rows[1][10], "mine, kept");
  // 186.2 tok/s: ggml-org/llama.cpp discussion 15013.
  EXPECT_LT(std::stod(rows[1][11]), 186.2);
  EXPECT_GT(std::stod(rows[1][13]), 186.2);
  EXPECT_EQ(rows[1][15], "");
}

TEST(PredictBatch, GivesAReasonAndNoNumberForWhatItCannotTell) {
  const auto rows = batch(
      "Abacus 9000,1,llama.cpp,Llama-2-7B,6.74,,Q4_0,3.56,tg128,0,\n"
      "NVIDIA GeForce RTX 4090,1,llama.cpp CUDA,Llama-3.1-405B,405.9,,F16,,tg128,0,\n"
      "NVIDIA GeForce RTX 4090,1,llama.cpp CUDA,mystery,,,Q4_0,,tg128,0,\n"
      "NVIDIA GeForce RTX 4090,1,llama.cpp CUDA,Llama-2-7B,-3,,Q4_0,,tg128,0,\n"
      "NVIDIA GeForce RTX 4090,1,llama.cpp CUDA,Llama-2-7B,6.74,,Q4_0,,juggling,0,\n");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i][11] + rows[i][12] + rows[i][13], "") << i;
    EXPECT_NE(rows[i][15], "") << i;
  }
}

TEST(PredictBatch, TakesOldRowsForOldBuilds) {
  // ROCm issue 4748 (2025-05): 349 tokens/s here; with ROCm 7.2 and builds of 2026 1545.
  SpeedRowResolver resolver(Catalogue::built_in());
  SpeedRow row;
  row.hardware = "AMD Ryzen AI Max+ 395";
  row.backend = "llama.cpp ROCm";
  row.model = "Llama-2-7B";
  row.quant = "Q4_0";
  row.test = "pp512";
  const auto speed_of = [&](const char* date) {
    row.date = date;
    return resolver.answer(row).tokens_per_s.value_or(Estimate{}).mid;
  };
  EXPECT_LT(speed_of("2025-05"), speed_of("") / 2);
  EXPECT_DOUBLE_EQ(speed_of("2025-05-14"), speed_of("2025-05"));
  EXPECT_DOUBLE_EQ(speed_of("2024-11..2026-04 (living table)"), speed_of(""));
  EXPECT_DOUBLE_EQ(speed_of("last summer"), speed_of(""));
  EXPECT_DOUBLE_EQ(speed_of("2024"), speed_of("2025-05"));
}

// llama.cpp fuses attention by itself since 2025-09; the usual back end of an older row is that of its time.
TEST(PredictBatch, TakesTheUsualBackEndOfTheRowsTime) {
  SpeedRowResolver resolver(Catalogue::built_in());
  SpeedRow row;
  row.hardware = "NVIDIA GeForce RTX 4090";
  row.model = "Llama-2-7B";
  row.quant = "Q4_0";
  row.test = "pp512";
  for (const auto& [date, fused] : {std::pair{"2025-07", false}, {"2025-09", true}, {"", true}}) {
    row.date = date;
    const auto question = resolver.resolve(row);
    ASSERT_TRUE(question) << question.error().message;
    EXPECT_EQ(question->backend.id, "llama.cpp/cuda") << date;
    EXPECT_EQ(question->backend.fused_attention, fused) << date;
  }
}

TEST(PredictBatch, TellsDevicesOfOneNameApartByMemory) {
  // Apple sells the M4 Max with 36 GB and 410 GB/s, and with 48 GB or more and 546 GB/s.
  SpeedRowResolver resolver(Catalogue::built_in());
  SpeedRow row;
  row.hardware = "Apple M4 Max";
  row.backend = "MLX";
  row.model = "Llama-3.1-8B";
  row.quant = "4bit";
  row.test = "tg128";
  EXPECT_EQ(resolver.resolve(row)->devices.size(), 2U);
  for (const auto& [gigabytes, bandwidth] : {std::pair{36.0, 410e9}, {128.0, 546e9}}) {
    row.memory_gb = gigabytes;
    const auto question = resolver.resolve(row);
    ASSERT_EQ(question->devices.size(), 1U) << gigabytes;
    EXPECT_NEAR(question->devices[0].bandwidth.value, bandwidth, 2e9);
  }
}

TEST(PredictBatch, KnowsHardwareWithItsMemoryAndProcessorsOfASeries) {
  const auto rows = batch(
      "Raspberry Pi 5 16GB,1,llama.cpp CPU,Llama-3.2-3B,3.21,,Q4_K_M,,tg128,0,\n"
      "AMD EPYC 9554,1,llama.cpp CPU,Llama-3.1-8B,8.03,,Q4_K_M,,tg128,0,\n"
      "NVIDIA H100 SXM,8,vLLM,Llama-3.3-70B,70.6,,FP8,,tg128,0,\n");
  for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_NE(rows[i][12], "") << i << rows[i][15];
  // The slowest of them is the smallest.
  EXPECT_LT(std::stod(rows[1][12]), std::stod(rows[2][12]));
}

TEST(PredictBatch, TakesFourBitsUnderMlxForItsOwn) {
  const auto rows = batch("Apple M4 Max,1,mlx-swift,Llama-3.2-3B,3.2,,Q4,,tg128,0,\nApple M4 Max,1,mlx-swift,Llama-3.2-3B,3.2,,4bit,,tg128,0,\n"
                          "Apple M4 Max,1,llama.cpp,Llama-3.2-3B,3.2,,Q4,,tg128,0,\n");
  ASSERT_EQ(rows.size(), 4U);
  ASSERT_FALSE(rows[1][12].empty());
  EXPECT_EQ(rows[1][12], rows[2][12]);
  EXPECT_NE(rows[1][12], rows[3][12]);
}

TEST(PredictBatch, KnowsUnknownModelsBySize) {
  const auto rows = batch("NVIDIA GeForce RTX 4090,1,llama.cpp CUDA,Nobody-Knows-9B,9,,Q4_K_M,,tg128,0,\n");
  EXPECT_NE(rows[1][12], "");
}

TEST(PredictBatch, RefusesATableWithoutItsColumns) {
  SpeedRowResolver resolver(Catalogue::built_in());
  const auto out = predict_batch("a,b\n1,2\n", "t.csv", resolver);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, ErrorCode::malformed);
}

struct NameCase {
  const char* test;
  const char* context;
  bool prefill;
  double tokens;
  double before;
};

TEST(SpeedTestName, IsReadAsLlamaBenchWritesIt) {
  constexpr NameCase k_names[] = {{"tg128", "0", false, 128, 0},     {"tg", "4096", false, 128, 4096}, {"pp512", "512", true, 512, 0},
                                  {"pp512", "512@16384", true, 512, 16384}, {"pp", "1024", true, 1024, 0}, {"tg32", "", false, 32, 0},
                                  {"tg", "long-context-8k", false, 128, 8192}, {"tg", "long-context", false, 128, 2048}, {"tg64", "after 32K", false, 64, 32768},
                                  {"tg", "short chat", false, 128, 64}, {"tg", "short chat v2", false, 128, 64}, {"tg", "mixed (LocalScore suite)", false, 128, 1024}, {"pp", "long-context-512", true, 512, 0}};
  for (const auto& row : k_names) {
    const auto test = parse_speed_test(row.test, row.context);
    ASSERT_TRUE(test) << row.test;
    EXPECT_EQ(test->prefill, row.prefill) << row.test;
    EXPECT_EQ(test->tokens, row.tokens) << row.test;
    EXPECT_EQ(test->context, row.before) << row.test;
  }
  for (const char* bad : {"", "xx", "tg-5", "ppnan", "tg1e99"}) EXPECT_FALSE(parse_speed_test(bad, "0")) << bad;
  EXPECT_FALSE(parse_speed_test("pp512", "512@x"));
}

}  // namespace
}  // namespace hardscape
