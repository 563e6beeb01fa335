#include "hardscape/predict_backend.hpp"

#include <gtest/gtest.h>

#include "predict/parameters.hpp"

namespace hardscape {
namespace {

struct NameCase {
  const char* text;
  const char* vendor;
  const char* kind;
  const char* id;
  bool fused;
};

TEST(Backends, AreFoundAsPeopleWriteThem) {
  // Spellings of published benchmark tables.
  constexpr NameCase k_cases[] = {
      {"llama.cpp CUDA", "NVIDIA", "gpu", "llama.cpp/cuda", false},
      {"llama.cpp CUDA +FA", "NVIDIA", "gpu", "llama.cpp/cuda", true},
      {"llama.cpp", "Apple", "gpu", "llama.cpp/metal", false},
      {"llama.cpp", "AMD", "gpu", "llama.cpp/rocm", false},
      {"llama.cpp Vulkan RADV +FA", "AMD", "integrated", "llama.cpp/vulkan", true},
      {"llama.cpp HIP rocWMMA +FA", "AMD", "gpu", "llama.cpp/rocm", true},
      {"llama.cpp CPU (16 threads)", "AMD", "cpu", "llama.cpp/cpu", false},
      {"ik_llama.cpp CPU (2 threads)", "AMD", "cpu", "ik_llama.cpp/cpu", false},
      {"llamafile (LocalScore)", "NVIDIA", "gpu", "llamafile/cuda", false},
      {"llamafile (LocalScore)", "Apple", "gpu", "llamafile/metal", false},
      {"ollama", "NVIDIA", "gpu", "ollama/cuda", false},
      {"MLX (mlx-lm)", "Apple", "gpu", "mlx/metal", true},
      {"vllm-mlx", "Apple", "gpu", "vllm-metal/metal", true},
      {"vLLM", "NVIDIA", "gpu", "vllm/cuda", true},
      {"ExLlamaV2", "NVIDIA", "gpu", "exllama/cuda", true},
      {"RKLLM (NPU)", "Rockchip", "npu", "rkllm/npu", true},
      {"Qualcomm Genie/QNN (NPU)", "Qualcomm", "npu", "qnn/npu", true},
  };
  for (const auto& row : k_cases) {
    const auto backend = resolve_backend(row.text, row.vendor, row.kind);
    ASSERT_TRUE(backend) << row.text;
    EXPECT_EQ(backend->id, row.id) << row.text;
    EXPECT_EQ(backend->fused_attention, row.fused) << row.text;
  }
  EXPECT_FALSE(resolve_backend("abacus", "NVIDIA", "gpu"));
}

TEST(Backends, AreTheUsualOnesThatReadTheFormat) {
  struct Row {
    const char* vendor;
    const char* quant;
    const char* id;
  };
  // vLLM's table of quantisations; MLX loads no AWQ or GPTQ checkpoints (ml-explore/mlx-lm issues 163 and 727).
  constexpr Row k_rows[] = {
      {"NVIDIA", "Q4_K_M", "llama.cpp/cuda"}, {"NVIDIA", "AWQ-4bit", "vllm/cuda"},     {"NVIDIA", "FP8", "vllm/cuda"},
      {"NVIDIA", "EXL2 4.0bpw", "exllama/cuda"}, {"NVIDIA", "MXFP4", "llama.cpp/cuda"}, {"AMD", "GPTQ-4bit", "vllm/rocm"},
      {"Apple", "Q4_K_M", "llama.cpp/metal"}, {"Apple", "MLX-4bit", "mlx/metal"},       {"Apple", "AWQ-4bit", "llama.cpp/metal"},
  };
  for (const auto& row : k_rows) {
    const auto backend = default_backend(row.vendor, "gpu", row.quant, nullptr);
    ASSERT_TRUE(backend) << row.quant;
    EXPECT_EQ(backend->id, row.id) << row.vendor << " " << row.quant;
  }
  EXPECT_FALSE(refusal(*find_backend("llama.cpp/metal"), "AWQ-4bit", "Apple", nullptr, false).empty());
  EXPECT_FALSE(refusal(*find_backend("mlx/metal"), "AWQ-4bit", "Apple", nullptr, false).empty());
  EXPECT_TRUE(computes_on_host(*find_backend("llama.cpp/cuda")));
  EXPECT_FALSE(computes_on_host(*find_backend("vllm/cuda")));
}

TEST(Backends, StayWithinPhysics) {
  ASSERT_GT(backends().size(), 20U);
  for (const auto& row : backends()) {
    EXPECT_GT(row.decode.memory_efficiency, 0) << row.id;
    EXPECT_LE(row.decode.memory_efficiency, 1) << row.id;
    EXPECT_LE(row.decode.kv_efficiency, 1) << row.id;
    EXPECT_GT(row.decode.layer_s, 0) << row.id;
    EXPECT_LT(row.decode.layer_s, 0.01) << row.id;
    // 16-bit products cannot run faster than the matrix units; integer ones at most twice as fast.
    EXPECT_GE(row.prefill.matrix_cost_f16, 1) << row.id;
    EXPECT_GE(row.prefill.matrix_cost, 0.5) << row.id;
  }
  for (const auto& row : architectures()) {
    EXPECT_LT(row.memory, 1.3) << row.id;
    EXPECT_GT(row.overhead, 0) << row.id;
  }
}

TEST(Architectures, AreFoundByCapabilityTargetOrName) {
  EXPECT_EQ(find_architecture("NVIDIA", "GeForce RTX 4090", "8.9", "")->id, "nvidia-ada");
  EXPECT_EQ(find_architecture("NVIDIA", "GeForce GTX 1660", "7.5", "")->id, "nvidia-turing-gtx");
  EXPECT_EQ(find_architecture("NVIDIA", "GB10", "12.1", "")->id, "nvidia-gb10");
  EXPECT_EQ(find_architecture("NVIDIA", "Jetson AGX Orin 64GB", "8.7", "")->id, "nvidia-tegra");
  EXPECT_EQ(find_architecture("AMD", "Radeon RX 7900 XTX", "", "gfx1100")->id, "amd-rdna3");
  EXPECT_EQ(find_architecture("AMD", "Ryzen AI Max+ 395", "", "gfx1151")->id, "amd-rdna3-apu");
  EXPECT_EQ(find_architecture("Apple", "Apple M4 Max (40-core GPU)", "", "")->id, "apple-m4");
  EXPECT_EQ(find_architecture("Intel", "Arc B580", "", "")->id, "intel-battlemage");
  EXPECT_EQ(find_architecture("Nobody", "thing", "", ""), nullptr);
}

struct RefusalCase {
  const char* backend;
  const char* quant;
  const char* vendor;
  const char* architecture;  // id or empty
  bool processor;
  bool runs;
};

TEST(Refusals, FollowWhatTheMakersDocument) {
  constexpr RefusalCase k_cases[] = {
      {"llama.cpp/cuda", "Q4_K_M", "NVIDIA", "nvidia-ada", false, true},
      {"llama.cpp/cuda", "Q4_K_M", "AMD", "amd-rdna3", false, false},
      {"llama.cpp/cuda", "Q4_K_M", "", "", false, true},             // a vendor that nobody stated refuses nothing
      {"llama.cpp/cuda", "Q4_K_M", "NVIDIA", "", true, false},
      {"llama.cpp/vulkan", "Q4_K_M", "AMD", "amd-rdna3", false, true},
      {"llama.cpp/cuda", "AWQ INT4 g128", "NVIDIA", "nvidia-ada", false, false},
      {"llama.cpp/cuda", "MXFP4", "NVIDIA", "nvidia-ada", false, true},
      {"llama.cpp/cuda", "UD-Q4_K_XL", "NVIDIA", "nvidia-ada", false, true},
      {"llama.cpp/cuda", "EXL2 4.0bpw", "NVIDIA", "nvidia-ada", false, false},
      {"llama.cpp/cpu", "IQ4_K", "AMD", "", true, false},
      {"ik_llama.cpp/cpu", "IQ4_K", "AMD", "", true, true},
      {"llama.cpp/cpu", "IQ4_XS", "AMD", "", true, true},
      {"mlx/metal", "4bit", "Apple", "apple-m4", false, true},
      {"mlx/metal", "UD-Q4_K_XL", "Apple", "apple-m4", false, false},
      {"mlx/metal", "4bit", "NVIDIA", "nvidia-ada", false, false},
      {"vllm/cuda", "FP8", "NVIDIA", "nvidia-pascal", false, false},
      {"vllm/cuda", "FP8", "NVIDIA", "nvidia-hopper", false, true},
      {"vllm/cuda", "AWQ", "NVIDIA", "nvidia-ada", false, true},
      {"vllm/cuda", "BF16", "NVIDIA", "nvidia-turing", false, false},
      {"tensorrt-llm/cuda", "Q4_K_M", "NVIDIA", "nvidia-hopper", false, false},
      {"exllama/cuda", "EXL2 4.0bpw", "NVIDIA", "nvidia-ada", false, true},
      {"llama.cpp/rocm", "Q8_0", "NVIDIA", "nvidia-ada", false, false},
  };
  for (const auto& row : k_cases) {
    const Architecture* architecture = nullptr;
    for (const auto& known : architectures())
      if (known.id == row.architecture) architecture = &known;
    const auto why = refusal(*find_backend(row.backend), row.quant, row.vendor, architecture, row.processor);
    EXPECT_EQ(why.empty(), row.runs) << row.backend << ' ' << row.quant << ' ' << row.vendor << ": " << why;
  }
}

struct WidthCase {
  const char* name;
  WeightKind kind;
  double bits;
};

TEST(Quantisations, AreReadFromTheirNames) {
  // Bits per weight over whole files of Llama-3.1-8B (llama.cpp quantize README); nominal widths elsewhere.
  constexpr WidthCase k_cases[] = {
      {"Q4_K_M", WeightKind::k_quant, 4.89}, {"q8_0", WeightKind::eight_bit, 8.5},   {"Q4_0", WeightKind::four_bit, 4.5},
      {"F16", WeightKind::float16, 16},      {"BF16", WeightKind::float16, 16},      {"4bit", WeightKind::four_bit, 4.5},
      {"AWQ INT4 g128", WeightKind::four_bit, 4.5}, {"UD-Q4_K_XL", WeightKind::k_quant, 4.9},
      {"IQ2_XXS", WeightKind::codebook, 2.2}, {"EXL2 2.5bpw", WeightKind::four_bit, 2.5}, {"MXFP4", WeightKind::four_bit, 4.25},
      {"i1-Q4_K_M", WeightKind::k_quant, 4.89}, {"FP32", WeightKind::float32, 32},
      {"INT4 (mixed, int8 embed)", WeightKind::four_bit, 4.5}, {"4bit-float16", WeightKind::four_bit, 4.5}, {"int8-q8(official)", WeightKind::eight_bit, 8},
  };
  for (const auto& row : k_cases) {
    const auto format = quantisation(row.name);
    ASSERT_TRUE(format) << row.name;
    EXPECT_EQ(format->kind, row.kind) << row.name;
    EXPECT_NEAR(format->bits_per_weight, row.bits, 0.15) << row.name;
  }
  EXPECT_FALSE(quantisation(""));
  EXPECT_FALSE(quantisation("gibberish"));
}

}  // namespace
}  // namespace hardscape
