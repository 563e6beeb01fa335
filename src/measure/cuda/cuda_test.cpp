// CUDA through a real dlopen of stub libraries that compute what the kernels ask for; and every kernel's PTX through
// NVIDIA's assembler where it is installed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>


#include "measure/accelerator/narrow_numbers.hpp"
#include "measure/cuda/cuda_source.hpp"
#include "measure/cuda/cublaslt.hpp"
#include "measure/cuda/cuda_text.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape::cuda {
namespace {

using measuring::DeviceProbes;
using measuring::Probe;
using measuring::ProbeContext;
using testing::HasSubstr;

class StubCuda : public testing::Test {
 protected:
  StubCuda() : host_(live_host()) {
    options_.memory = Bytes{2 * k_mib};
    become("");
    ::setenv("HARDSCAPE_STUB_CUBLASLT", "", 1);
    driver_ = *host_->libraries({HARDSCAPE_STUB_CUDA_LIBRARY});
    blas_ = *host_->libraries({HARDSCAPE_STUB_CUBLASLT_LIBRARY});
  }
  void become(const std::string& variant) { ::setenv("HARDSCAPE_STUB_CUDA", variant.c_str(), 1); }
  DeviceProbes list(bool with_blas = true) {
    return cuda_probes(ProbeContext{*host_, machine_, options_},
                       {{HARDSCAPE_STUB_CUDA_LIBRARY}, with_blas ? std::vector<std::string>{HARDSCAPE_STUB_CUBLASLT_LIBRARY} : std::vector<std::string>{}});
  }
  int alive() const { return driver_.function<int()>("hardscape_stub_alive")() + blas_.function<int()>("hardscape_stub_blas_alive")(); }
  void restart() const { driver_.function<void()>("hardscape_stub_restart")(); }

  // What a probe says in the end; empty when all is well.
  static std::string outcome(const Probe& probe) {
    if (probe.refused) return probe.reason.empty() ? "refused without a reason" : probe.reason;
    auto workload = probe.prepare();
    if (!workload) return workload.error().message;
    const auto timing = (*workload)->run(2);
    if (!timing) return timing.error().message;
    EXPECT_GT(timing->seconds, 0);
    EXPECT_GT(timing->work, 0);
    const auto right = (*workload)->verify();
    return right ? std::string() : right.error().message;
  }

  Result<Host> host_;
  Machine machine_;
  MeasureOptions options_;
  Library driver_, blas_;
};

TEST_F(StubCuda, EveryProbeComputesRightNumbersAndGivesAllBack) {
  for (const bool with_blas : {true, false}) {
    for (const bool zeros : {false, true}) {
      options_.zeros = zeros;
      const DeviceProbes found = list(with_blas);
      ASSERT_EQ(found.devices.size(), 1u);
      EXPECT_EQ(found.devices[0].id, "cuda0");
      EXPECT_EQ(found.devices[0].software, "CUDA 13.1 driver");
      std::set<std::string> precisions;
      for (const Probe& probe : found.probes) {
        EXPECT_EQ(outcome(probe), "") << probe.kernel << ' ' << probe.metric;
        if (probe.group == "gemm") precisions.insert(probe.precision);
      }
      EXPECT_THAT(precisions, testing::IsSupersetOf({"fp16", "bf16", "tf32", "fp8", "int8"}));
    }
  }
  EXPECT_EQ(alive(), 0);
}

TEST_F(StubCuda, DeviceThatDoesNothingIsFoundOut) {
  become("lazy");
  ::setenv("HARDSCAPE_STUB_CUBLASLT", "wrong", 1);
  for (const Probe& probe : list().probes) {
    if (probe.group == "link" || probe.kernel == "copy") continue;  // those need no kernel; copy may choose the copy engine
    EXPECT_THAT(outcome(probe), HasSubstr("do not trust")) << probe.kernel;
  }
  EXPECT_EQ(alive(), 0);
}

TEST_F(StubCuda, EachCallThatFailsBecomesASentenceAndLeaksNothing) {
  const char* const calls[] = {"cuInit", "cuDeviceGetCount", "cuDeviceGet", "cuDevicePrimaryCtxRetain", "cuCtxSetCurrent", "cuMemAlloc_v2", "cuMemHostAlloc",
                               "cuMemcpyDtoH_v2", "cuMemcpyHtoDAsync_v2", "cuMemcpyDtoHAsync_v2", "cuMemcpyDtoDAsync_v2", "cuModuleLoadDataEx",
                               "cuModuleGetFunction", "cuLaunchKernel", "cuStreamCreate", "cuStreamSynchronize", "cuEventCreate", "cuEventRecord",
                               "cuEventSynchronize", "cuEventElapsedTime"};
  for (const char* const call : calls) {
    for (const int time : {1, 6}) {
      restart();
      become("fail:" + std::string(call) + ":" + std::to_string(time));
      int troubles = 0;
      {
        const DeviceProbes found = list(false);
        for (const Probe& probe : found.probes) troubles += outcome(probe).find("CUDA_ERROR_ILLEGAL_ADDRESS (an illegal memory access was encountered)") != std::string::npos;
        for (const Note& note : found.notes) troubles += note.message.find("CUDA_ERROR_ILLEGAL_ADDRESS") != std::string::npos;
      }
      if (time == 1) {
        EXPECT_GT(troubles, 0) << call;
      }
      EXPECT_EQ(alive(), 0) << call << ' ' << time;
    }
  }
}

TEST_F(StubCuda, MatrixLibraryThatFailsIsNamed) {
  for (const char* const call : {"cublasLtMatmulDescCreate", "cublasLtMatmulDescSetAttribute", "cublasLtMatrixLayoutCreate", "cublasLtMatmulPreferenceCreate",
                                 "cublasLtMatmulPreferenceSetAttribute", "cublasLtMatmulAlgoGetHeuristic", "cublasLtMatmul"}) {
    ::setenv("HARDSCAPE_STUB_CUBLASLT", ("fail:" + std::string(call)).c_str(), 1);
    for (const Probe& probe : list().probes) {
      if (probe.group != "gemm") continue;
      EXPECT_THAT(outcome(probe), HasSubstr("CUBLAS_STATUS_EXECUTION_FAILED")) << call;
    }
    EXPECT_EQ(alive(), 0) << call;
  }
  ::setenv("HARDSCAPE_STUB_CUBLASLT", "none", 1);
  for (const Probe& probe : list().probes) {
    if (probe.kernel == "gemm_bf16") {
      EXPECT_THAT(outcome(probe), HasSubstr("cuBLASLt 13.0.2 offers no algorithm for bf16"));
    }
  }
  // One that does not start leaves the plain kernels.
  ::setenv("HARDSCAPE_STUB_CUBLASLT", "fail:cublasLtCreate", 1);
  const DeviceProbes plain = list();
  EXPECT_TRUE(std::any_of(plain.probes.begin(), plain.probes.end(), [](const Probe& p) { return p.kernel == "mma_bf16"; }));
  ASSERT_EQ(plain.notes.size(), 1u);
  EXPECT_THAT(plain.notes[0].message, HasSubstr("CUBLAS_STATUS_EXECUTION_FAILED"));
}

TEST_F(StubCuda, MachinesWithoutAUsableDeviceSayWhy) {
  options_.devices = {"cuda"};
  const struct {
    const char* variant;
    MeasureStatus status;
    const char* reason;
  } rows[] = {{"none", MeasureStatus::unsupported, "CUDA_ERROR_NO_DEVICE"},
              {"empty", MeasureStatus::unsupported, "CUDA_VISIBLE_DEVICES"},
              {"mismatch", MeasureStatus::failed, "reboot or reload the module"},
              {"prohibited", MeasureStatus::skipped, "nvidia-smi -c DEFAULT"}};
  for (const auto& row : rows) {
    become(row.variant);
    const DeviceProbes found = list();
    ASSERT_EQ(found.probes.size(), 1u) << row.variant;
    EXPECT_EQ(found.probes[0].refused, row.status) << row.variant;
    EXPECT_THAT(found.probes[0].reason, HasSubstr(row.reason));
  }
  const auto absent = cuda_probes(ProbeContext{*host_, machine_, options_}, {{"/nowhere/libcuda.so.1"}, {}});
  ASSERT_EQ(absent.probes.size(), 1u);
  EXPECT_EQ(absent.probes[0].refused, MeasureStatus::unsupported);
  EXPECT_THAT(absent.probes[0].reason, HasSubstr("install the NVIDIA driver"));
  const auto other = cuda_probes(ProbeContext{*host_, machine_, options_}, {{"libm.so.6"}, {}});
  ASSERT_EQ(other.probes.size(), 1u);
  EXPECT_THAT(other.probes[0].reason, HasSubstr("libm.so.6 lacks cuInit"));
  // Nobody asked and no card is here: nothing to say.
  options_.devices.clear();
  EXPECT_TRUE(cuda_probes(ProbeContext{*host_, machine_, options_}, {{"/nowhere/libcuda.so.1"}, {}}).probes.empty());
  machine_.accelerators.emplace_back().vendor = "NVIDIA";
  EXPECT_EQ(cuda_probes(ProbeContext{*host_, machine_, options_}, {{"/nowhere/libcuda.so.1"}, {}}).probes.size(), 1u);
}

TEST_F(StubCuda, DriverThatHangsIsGivenUp) {
  become("hang");
  Host impatient = *host_;
  impatient.child = [live = host_->child](const ChildWork& work, std::chrono::milliseconds) { return live(work, std::chrono::milliseconds(200)); };
  const auto found = cuda_probes(ProbeContext{impatient, machine_, options_}, {{HARDSCAPE_STUB_CUDA_LIBRARY}, {}});
  ASSERT_EQ(found.probes.size(), 1u);
  EXPECT_EQ(found.probes[0].refused, MeasureStatus::failed);
  EXPECT_THAT(found.probes[0].reason, HasSubstr("CUDA did not start"));
}

TEST_F(StubCuda, PeaksAreThoseOfTheRecordButNotForASliceOfIt) {
  Accelerator card;
  card.id = "gpu0";
  card.name = "NVIDIA H100 80GB HBM3";
  card.pci = PciAddress{"0000:1b:00.0", 0x10de, 0x2330, {}, {}, {}};
  card.bandwidth = Fact<BytesPerSecond>{BytesPerSecond{3.35e12}, {}};
  card.fp16 = Fact<FlopsPerSecond>{FlopsPerSecond{989.4e12}, {}};
  machine_.accelerators.push_back(card);
  const auto peak = [&](const char* kernel) -> double {
    for (const Probe& probe : list().probes) {
      if (probe.kernel == std::string_view(kernel)) return probe.peak ? probe.peak->value : 0;
    }
    return -1;
  };
  EXPECT_EQ(peak("copy"), 3.35e12);
  EXPECT_EQ(peak("gemm_bf16"), 989.4e12);
  EXPECT_EQ(peak("fp16_fma"), 0);
  EXPECT_EQ(list().devices[0].hardware, "gpu0");
  become("mig");
  EXPECT_EQ(list().devices[0].hardware, "");
  EXPECT_EQ(peak("copy"), 0);
  EXPECT_EQ(peak("gemm_bf16"), 0);
}

TEST_F(StubCuda, HeatAndPowerLimitsBecomeNotes) {
  Accelerator card;
  card.id = "gpu0";
  card.vendor = "NVIDIA";
  card.pci = PciAddress{"0000:1b:00.0", 0x10de, 0x2330, {}, {}, {}};
  machine_.accelerators.push_back(card);
  options_.devices = {"cuda"};
  options_.kernels = {"launch"};
  options_.seconds = 0.05;
  Host host = *host_;
  const auto stub = [&](const char* nvml) {
    host.libraries = [nvml, live = host_->libraries](const std::vector<std::string>& names) {
      const auto named = [&](const char* part) { return std::any_of(names.begin(), names.end(), [&](const std::string& n) { return n.find(part) != std::string::npos; }); };
      if (named("libcuda.so")) return live({HARDSCAPE_STUB_CUDA_LIBRARY});
      if (named("libnvidia-ml")) return live({nvml});
      return live({"/nowhere/" + names.front()});
    };
  };
  const auto note = [&](const char* code) -> std::string {
    const auto report = measure(host, machine_, options_);
    EXPECT_TRUE(report) << (report ? "" : report.error().message);
    if (!report) return {};
    EXPECT_EQ(report->devices.at(0).hardware, "gpu0");
    for (const Note& n : report->notes)
      if (n.code == code) return n.message;
    return {};
  };
  stub(HARDSCAPE_STUB_NVML_LIBRARY);
  ::setenv("HARDSCAPE_STUB_NVML", "hot", 1);
  EXPECT_EQ(note("gpu-hot"), "cuda0 was held back by heat in 100 % of the time it worked (up to 87 C).");
  ::setenv("HARDSCAPE_STUB_NVML", "capped", 1);
  EXPECT_EQ(note("gpu-power-cap"), "cuda0 was held back by its power limit in 100 % of the time it worked (700 W).");
  ::setenv("HARDSCAPE_STUB_NVML", "", 1);
  EXPECT_EQ(note("gpu-power-cap"), "");
  stub("/nowhere/libnvidia-ml.so.1");
  EXPECT_THAT(note("gpu-not-watched"), HasSubstr("libnvidia-ml.so.1"));
}

TEST_F(StubCuda, OldCardsSayWhatTheyLack) {
  become("pascal");
  for (const Probe& probe : list(false).probes) {
    if (probe.kernel != "mma_bf16") continue;
    EXPECT_EQ(probe.refused, MeasureStatus::unsupported);
    EXPECT_EQ(probe.reason, "needs compute capability 8.0; this device has 6.1");
  }
}

TEST(NarrowNumbers, Fp8IsThatOfTheOpenComputeProject) {
  // OCP 8-bit floating point specification 1.0, table of E4M3: largest 448, smallest normal 2^-6, smallest 2^-9.
  const std::pair<double, std::uint8_t> rows[] = {{448, 0x7e}, {1, 0x38}, {-1, 0xb8}, {0x1p-6, 0x08}, {0x1p-9, 0x01}, {0.875 * 0x1p-6, 0x07}, {0, 0x00}};
  for (const auto& [value, bits] : rows) {
    EXPECT_EQ(measuring::fp8_bits(value), bits) << value;
    EXPECT_EQ(measuring::fp8_from_bits(bits), value);
  }
  EXPECT_EQ(measuring::fp8_bits(1e6), 0x7e);
  for (unsigned bits = 0; bits < 0x7f; ++bits) EXPECT_EQ(measuring::fp8_bits(measuring::fp8_from_bits(static_cast<std::uint8_t>(bits))), bits);
}

TEST(CudaText, AssemblesForEveryGeneration) {
  std::string assembler;
  for (const char* const place : {"/usr/local/cuda/bin/ptxas", "/usr/bin/ptxas", "/opt/cuda/bin/ptxas"}) {
    if (::access(place, X_OK) == 0) assembler = place;
  }
  if (assembler.empty()) GTEST_SKIP() << "NVIDIA's assembler (ptxas) is not installed";
  struct Text {
    std::string ptx;
    int least;
  };
  std::vector<Text> texts{{memory_text(), 75}};
  for (const Chain chain : {Chain::fp64, Chain::fp32, Chain::fp16x2, Chain::dp4a}) texts.push_back({chain_text(chain, 8), 75});
  for (const Tile tile : {Tile::fp16, Tile::bf16, Tile::tf32, Tile::fp8, Tile::int8}) texts.push_back({tile_text(tile, 8), shape_of(tile).least_capability});
  const TemporaryFolder folder;
  for (const Text& text : texts) {
    folder.write("/kernel.ptx", text.ptx);
    for (const int target : {75, 80, 89, 90, 120}) {
      if (target < text.least) continue;
      const std::string command = assembler + " -arch=sm_" + std::to_string(target) + " -o /dev/null " + folder.path() + "/kernel.ptx 2>" + folder.path() + "/log";
      EXPECT_EQ(std::system(command.c_str()), 0) << text.ptx.substr(0, 200) << " for sm_" << target;
    }
  }
}

TEST(CublasLt, IsLookedForWhereTheLoaderDoesNot) {
  TemporaryFolder root;
  root.write("/usr/local/lib/python3.12/dist-packages/nvidia/cublas/lib/libcublasLt.so.12", "");
  root.write("/usr/local/lib/ollama/cuda_v13/libcublasLt.so.13", "");
  auto host = *live_host();
  host.files = *FileTree::open(root.path());
  host.environment = [](std::string_view) { return std::optional<std::string>(); };
  const auto names = blas::library_names(host);
  EXPECT_EQ(names.front(), "libcublasLt.so.13");
  EXPECT_THAT(names, testing::IsSupersetOf({"/usr/local/lib/ollama/cuda_v13/libcublasLt.so.13", "/usr/local/lib/python3.12/dist-packages/nvidia/cublas/lib/libcublasLt.so.12"}));
}

}  // namespace
}  // namespace hardscape::cuda
