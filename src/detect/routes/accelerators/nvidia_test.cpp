// NVIDIA through a real dlopen of a stub library, in a real child process; and the texts on their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "detect/routes/accelerators/cuda_query.hpp"
#include "detect/routes/accelerators/nvidia_apply.hpp"
#include "detect/routes/accelerators/nvidia_driver.hpp"
#include "hardscape/detect.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape {
namespace {

using testing::HasSubstr;

// Synthetic: a machine with one NVIDIA card, as the kernel's files show it.
class NvidiaMachine : public testing::Test {
 protected:
  void add_card(const std::string& address, const std::string& device, const std::string& more = {}) {
    const std::string folder = "/sys/bus/pci/devices/" + address;
    root_.write(folder + "/class", "0x030200\n");
    root_.write(folder + "/vendor", "0x10de\n");
    root_.write(folder + "/device", device + "\n");
    root_.write(folder + "/uevent", "DRIVER=nvidia\n");
    root_.write(folder + "/power/runtime_status", more.empty() ? "active\n" : more);
  }
  void add_driver(const std::string& version = "590.48.01") {
    root_.write("/proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  " + version + "  Release Build\n");
    root_.write("/proc/meminfo", "MemTotal: 125508468 kB\nMemAvailable: 100000000 kB\n");
    root_.write("/dev/nvidiactl", "");
  }
  Machine detect_with(const std::string& variant, std::chrono::milliseconds limit = std::chrono::milliseconds(1500)) {
    ::setenv("HARDSCAPE_STUB_NVML", variant.c_str(), 1);
    const auto live = live_host();
    auto files = FileTree::open(root_.path());
    EXPECT_TRUE(live && files);
    const auto open = live->libraries;
    Host host{*files, [this](std::string_view name) { return name == variable_ ? std::optional(value_) : std::nullopt; }, Cpuid(),
              [open, this](const std::vector<std::string>& names) {
                ++opened_;
                return names.front().find("libnvidia-ml") != std::string::npos ? open({HARDSCAPE_STUB_NVML_LIBRARY})
                                                                             : Result<Library>(Error{ErrorCode::unavailable, "no"});
              },
              [live_child = live->child, this](const ChildWork& work, std::chrono::milliseconds most) {
                ++children_;
                return live_child(work, most);
              },
              true};
    DetectOptions options;
    options.library_limit = limit;
    return detect(host, options);
  }
  static bool has_note(const Machine& machine, std::string_view code) { return find_note(machine, code) != nullptr; }
  static const Note* find_note(const Machine& machine, std::string_view code) {
    for (const Note& note : machine.notes) {
      if (note.code == code) return &note;
    }
    return nullptr;
  }

  TemporaryFolder root_;
  std::string variable_;
  std::string value_;
  int opened_ = 0;
  int children_ = 0;
};

TEST_F(NvidiaMachine, H200IsWhatNvidiaSmiSays) {
  add_driver();
  add_card("0000:09:00.0", "0x2335");
  const Machine machine = detect_with("");
  ASSERT_EQ(machine.accelerators.size(), 1u);
  const Accelerator& gpu = machine.accelerators[0];
  EXPECT_EQ(gpu.name, "NVIDIA H200");
  EXPECT_EQ(gpu.driver, "nvidia 590.48.01, CUDA 13.1");
  EXPECT_EQ(gpu.compute_capability, "9.0");
  ASSERT_TRUE(gpu.memory.total);
  EXPECT_EQ(gpu.memory.total->value.value, (143771LL - 614) * k_mib);  // total without what is reserved
  EXPECT_EQ(gpu.memory.total->source.ref, "nvml");
  EXPECT_EQ(gpu.memory.free->value, 143158LL * k_mib);
  ASSERT_TRUE(gpu.power_limit);
  EXPECT_EQ(gpu.power_limit->value.value, 700);
  ASSERT_TRUE(gpu.bandwidth);
  EXPECT_NEAR(gpu.bandwidth->value.value / 1e12, 4.9, 0.05);  // data sheet: 4.8 TB/s
  EXPECT_TRUE(gpu.usable);
  EXPECT_FALSE(gpu.integrated);
  EXPECT_EQ(gpu.memory.kind, MemoryKind::dedicated);
  EXPECT_FALSE(machine.memory.unified);
}

// Reported bug 10: the parent's memory, or instances counted twice.
TEST_F(NvidiaMachine, Bug10MigInstancesAreListedAndSharedMemoryCountsOnce) {
  add_driver();
  add_card("0000:09:00.0", "0x2330");
  const Machine machine = detect_with("mig");
  ASSERT_EQ(machine.accelerators.size(), 1u);
  const Accelerator& gpu = machine.accelerators[0];
  ASSERT_EQ(gpu.partitions.size(), 3u);
  EXPECT_EQ(gpu.partitions[0].name, "MIG 3g.40gb");
  EXPECT_EQ(gpu.partitions[0].memory, Bytes{40448LL * k_mib});
  EXPECT_EQ(gpu.partitions[2].name, "MIG 1g.10gb");
  ASSERT_TRUE(gpu.memory.total);
  EXPECT_EQ(gpu.memory.total->value, Bytes{40448LL * k_mib});  // the largest piece, not the card's 81559 MiB
  EXPECT_TRUE(has_note(machine, "mig"));
}

// Reported bug 4: unified parts show nothing, or 0.
TEST_F(NvidiaMachine, Bug4Gb10HasTheMachinesMemory) {
  add_driver("580.126.09");
  const Machine machine = detect_with("gb10");
  ASSERT_EQ(machine.accelerators.size(), 1u);
  const Accelerator& gpu = machine.accelerators[0];
  EXPECT_EQ(gpu.pci->address, "000f:01:00.0");
  EXPECT_EQ(gpu.memory.kind, MemoryKind::unified);
  ASSERT_TRUE(gpu.memory.total);
  EXPECT_EQ(gpu.memory.total->value, machine.memory.total);
  EXPECT_EQ(gpu.memory.free, machine.memory.available);
  EXPECT_FALSE(gpu.bandwidth);
  EXPECT_TRUE(gpu.integrated);
  EXPECT_TRUE(machine.memory.unified);
}

// Reported bug 8: a hanging driver. The report must be that of the kernel's files, and come in time.
TEST_F(NvidiaMachine, Bug8HangingDriverGivesTheSameReportAndANote) {
  add_driver();
  add_card("0000:09:00.0", "0x2335");
  // The stub never comes back: who waits for it is ended by ctest.
  const Machine machine = detect_with("hang", std::chrono::milliseconds(300));
  ASSERT_EQ(machine.accelerators.size(), 1u);
  EXPECT_EQ(machine.accelerators[0].driver, "nvidia 590.48.01");
  EXPECT_FALSE(machine.accelerators[0].memory.total);
  const Note* note = find_note(machine, "driver-did-not-answer");
  ASSERT_NE(note, nullptr);
  EXPECT_TRUE(note->advice);
}

TEST_F(NvidiaMachine, CrashingLibraryIsANote) {
  add_driver();
  add_card("0000:09:00.0", "0x2335");
  const Machine machine = detect_with("crash");
  EXPECT_EQ(machine.accelerators.size(), 1u);
  EXPECT_TRUE(has_note(machine, "driver-crashed"));
}

// Reported bug 9: driver and library of different versions.
TEST_F(NvidiaMachine, Bug9MismatchNamesBothVersionsAndTheRemedy) {
  add_driver("580.126.09");
  add_card("0000:09:00.0", "0x2335");
  const Machine machine = detect_with("mismatch");
  ASSERT_EQ(machine.accelerators.size(), 1u);
  EXPECT_FALSE(machine.accelerators[0].usable);
  EXPECT_FALSE(machine.accelerators[0].memory.total);
  const Note* note = find_note(machine, "driver-mismatch");
  ASSERT_NE(note, nullptr);
  EXPECT_THAT(note->message, HasSubstr("580.126.09"));
  EXPECT_THAT(*note->advice, HasSubstr("Reboot"));
  EXPECT_THAT(nvml_failure_note(18, "1.2.3", "4.5.6").message, testing::AllOf(HasSubstr("1.2.3"), HasSubstr("4.5.6")));
}

TEST_F(NvidiaMachine, OtherFailuresAreSentencesToo) {
  add_driver();
  add_card("0000:09:00.0", "0x2335");
  EXPECT_TRUE(has_note(detect_with("not-loaded"), "nvidia-driver-not-loaded"));
  EXPECT_TRUE(has_note(detect_with("unknown"), "nvidia-unknown-error"));
}

TEST_F(NvidiaMachine, LostCardDoesNotHideTheOther) {
  add_driver();
  add_card("0000:09:00.0", "0x2335");
  add_card("0000:0a:00.0", "0x2335");
  const Machine machine = detect_with("lost");
  ASSERT_EQ(machine.accelerators.size(), 2u);
  EXPECT_TRUE(machine.accelerators[0].usable);
  EXPECT_FALSE(machine.accelerators[1].usable);
  EXPECT_TRUE(has_note(machine, "nvidia-gpu-lost"));
}

TEST_F(NvidiaMachine, Bug22VirtualGpuIsSaid) {
  add_driver();
  add_card("0000:09:00.0", "0x2335");
  EXPECT_TRUE(has_note(detect_with("vgpu"), "vgpu"));
}

// Reported bug 17: detection wakes a sleeping GPU.
TEST_F(NvidiaMachine, Bug17SleepingCardIsNotAsked) {
  add_driver();
  add_card("0000:01:00.0", "0x2684", "suspended\n");
  const Machine machine = detect_with("");
  EXPECT_EQ(children_, 0);
  ASSERT_EQ(machine.accelerators.size(), 1u);
  EXPECT_TRUE(has_note(machine, "gpu-asleep"));
  EXPECT_FALSE(machine.accelerators[0].memory.total);
}

TEST_F(NvidiaMachine, WithoutNvidiaNoChildIsStarted) {
  root_.write("/proc/meminfo", "MemTotal: 1000000 kB\n");
  detect_with("");
  EXPECT_EQ(children_, 0);
}

TEST_F(NvidiaMachine, WithoutDeviceFilesItIsPresentAndNotUsable) {
  add_card("0000:09:00.0", "0x2335");
  root_.write("/.dockerenv", "");
  const Machine machine = detect_with("");
  EXPECT_EQ(children_, 0);
  ASSERT_EQ(machine.accelerators.size(), 1u);
  EXPECT_FALSE(machine.accelerators[0].usable);
  EXPECT_THAT(*machine.accelerators[0].why_not, HasSubstr("/dev/nvidia"));
}

TEST_F(NvidiaMachine, HiddenCardsAreNotUsable) {
  add_driver();
  add_card("0000:09:00.0", "0x2335");
  variable_ = "CUDA_VISIBLE_DEVICES";
  value_ = "";
  const Machine machine = detect_with("");
  EXPECT_FALSE(machine.accelerators[0].usable);
  EXPECT_THAT(*machine.accelerators[0].why_not, HasSubstr("CUDA_VISIBLE_DEVICES"));
}

// Reported bug 14: WSL2 has no PCI devices.
TEST_F(NvidiaMachine, Bug14WslIsAskedThroughItsOwnLibrary) {
  root_.write("/dev/dxg", "");
  root_.write("/usr/lib/wsl/lib/libnvidia-ml.so.1", "");
  const Machine machine = detect_with("");
  ASSERT_EQ(machine.accelerators.size(), 1u);
  EXPECT_EQ(machine.accelerators[0].name, "NVIDIA H200");
  EXPECT_EQ(machine.accelerators[0].pci->address, "0000:09:00.0");
}

TEST(NvidiaDriverTexts, AreReadAsTheKernelWritesThem) {
  EXPECT_EQ(nvidia_kernel_version("NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.82.01  Wed Oct 27 2021\nGCC version: gcc 11.2.0\n"), "470.82.01");
  EXPECT_EQ(nvidia_kernel_version("nonsense"), std::nullopt);
  const auto information = parse_nvidia_information("Model: \t\t NVIDIA A100-SXM4-40GB\nGPU UUID: \t GPU-1\nGPU Excluded:\t Yes\n");
  EXPECT_EQ(information.model, "NVIDIA A100-SXM4-40GB");
  EXPECT_TRUE(information.is_excluded);
  EXPECT_EQ(mig_profile("NVIDIA A100-SXM4-40GB MIG 1c.3g.20gb"), "3g.20gb");
  EXPECT_EQ(mig_profile("NVIDIA A100-SXM4-40GB"), "");
  // CUDA programming guide: compute capabilities of Jetson modules.
  EXPECT_EQ(tegra_compute_capability("nvidia,tegra234"), "8.7");
  EXPECT_EQ(tegra_compute_capability("nvidia,tegra20"), "");
}

TEST(NvidiaReports, SurviveHostileText) {
  const NvmlReport report = parse_nvml_report("device\t0\ntotal\t-5\ntotal\t99999999999999999999\naddress\t../../x\nname\t\x01\x02\ninstance\t\ntotal\t0\nnoise\ncuda_version\t5\n");
  ASSERT_EQ(report.devices.size(), 1u);
  EXPECT_FALSE(report.devices[0].total);
  EXPECT_EQ(report.devices[0].address, "");
  EXPECT_FALSE(report.cuda_version);
  EXPECT_TRUE(parse_cuda_report("total\t5\n").empty());
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "device\t1\n";
  EXPECT_EQ(parse_nvml_report(many).devices.size(), 1024u);
}

// GH200 shares addresses with the processor and still has memory of its own.
TEST(NvidiaUnified, OnlyWithoutMemoryOfItsOwn) {
  NvmlDevice gh200;
  gh200.name = "NVIDIA GH200 480GB";
  gh200.addressing = 2;
  gh200.total = Bytes{97871LL * k_mib};
  EXPECT_FALSE(shares_system_memory(gh200, {}));
  NvmlDevice thor;
  thor.name = "NVIDIA Thor";
  EXPECT_TRUE(shares_system_memory(thor, {}));
  NvmlDevice orin;
  orin.name = "Orin (nvgpu)";
  EXPECT_TRUE(shares_system_memory(orin, {"nvidia,tegra234"}));
}

}  // namespace
}  // namespace hardscape
