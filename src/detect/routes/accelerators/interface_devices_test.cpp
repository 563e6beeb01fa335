// Vulkan and OpenCL as the cross-check: stub libraries opened for real in a child, and the texts on their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "detect/routes/accelerators/interface_devices.hpp"
#include "hardscape/detect.hpp"
#include "support/temporary_folder.hpp"

namespace hardscape {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Synthetic: a computer with the PCI functions it is given.
class InterfaceMachine : public testing::Test {
 protected:
  InterfaceMachine() { root_.write("/proc/meminfo", "MemTotal: 32000000 kB\nMemAvailable: 30000000 kB\n"); }

  void add(const std::string& address, const std::string& vendor, const std::string& device, const std::string& driver) {
    const std::string folder = "/sys/bus/pci/devices/" + address;
    root_.write(folder + "/class", "0x030000\n");
    root_.write(folder + "/vendor", vendor + "\n");
    root_.write(folder + "/device", device + "\n");
    root_.write(folder + "/uevent", "DRIVER=" + driver + "\n");
    root_.write(folder + "/power/runtime_status", runtime_status_ + "\n");
  }
  Machine detect_with(const std::string& vulkan, const std::string& opencl, std::chrono::milliseconds limit = std::chrono::milliseconds(1500)) {
    ::setenv("HARDSCAPE_STUB_VULKAN", vulkan.c_str(), 1);
    ::setenv("HARDSCAPE_STUB_OPENCL", opencl.c_str(), 1);
    const auto live = live_host();
    auto files = FileTree::open(root_.path());
    EXPECT_TRUE(live && files);
    const auto load = [&](const std::vector<std::string>& names) -> Result<Library> {
      if (names.front().starts_with("libvulkan") && !vulkan.empty()) return live->libraries({HARDSCAPE_STUB_VULKAN_LIBRARY});
      if (names.front().starts_with("libOpenCL") && !opencl.empty()) return live->libraries({HARDSCAPE_STUB_OPENCL_LIBRARY});
      return Error{ErrorCode::unavailable, "no"};
    };
    const auto count = [&](const ChildWork& work, std::chrono::milliseconds most) {
      ++children_;
      return live->child(work, most);
    };
    DetectOptions options;
    options.library_limit = limit;
    return detect(Host{*files, [](std::string_view) { return std::optional<std::string>(); }, Cpuid(), load, count, true}, options);
  }
  static std::vector<std::string> names_of(const Machine& machine) {
    std::vector<std::string> names;
    for (const Accelerator& device : machine.accelerators) names.push_back(device.name);
    return names;
  }

  TemporaryFolder root_;
  std::string runtime_status_ = "active";
  int children_ = 0;
};

TEST_F(InterfaceMachine, VulkanNamesTheMemoryThatTheKernelKeepsToItself) {
  add("0000:00:02.0", "0x8086", "0x4680", "i915");
  add("0000:03:00.0", "0x8086", "0xe20b", "xe");
  for (const char* variant : {"b580", "b580-silent"}) {  // with the PCI address, and by vendor and device alone
    const Machine machine = detect_with(variant, "");
    EXPECT_THAT(names_of(machine), ElementsAre("Intel(R) Arc(tm) B580 Graphics", testing::_)) << variant;
    const Accelerator& card = machine.accelerators[0];
    ASSERT_TRUE(card.memory.total) << variant;
    EXPECT_EQ(card.memory.total->value.value, 12216LL * k_mib);  // not with the window, not with the host's heap
    EXPECT_THAT(card.memory.total->source.ref, HasSubstr("Vulkan"));
    EXPECT_TRUE(machine.accelerators[1].integrated);
    EXPECT_FALSE(machine.accelerators[1].memory.total);
    for (const Note& note : machine.notes) EXPECT_NE(note.code, "memory-size-unknown");
  }
}

TEST_F(InterfaceMachine, NobodyIsAskedWithoutAQuestion) {
  add("0000:00:02.0", "0x8086", "0x4680", "i915");
  EXPECT_EQ(detect_with("b580", "a380").accelerators.size(), 1u);
  EXPECT_EQ(children_, 0);
}

TEST_F(InterfaceMachine, ASleepingCardIsNotWoken) {
  runtime_status_ = "suspended";
  add("0000:03:00.0", "0x8086", "0xe20b", "xe");
  EXPECT_FALSE(detect_with("b580", "a380").accelerators[0].memory.total);
  EXPECT_EQ(children_, 0);
}

// Bug 13 (llama.cpp 9516, 16689, 19058): two drivers, one card.
TEST_F(InterfaceMachine, Bug13OneCardThatTwoVulkanDriversShowIsOneRecord) {
  add("0000:03:00.0", "0x1002", "0x744c", "amdgpu");
  const Machine machine = detect_with("twice", "");
  ASSERT_EQ(machine.accelerators.size(), 1u);
  EXPECT_EQ(machine.accelerators[0].memory.total->value.value, 24560LL * k_mib);
}

// Bug 14: WSL2 has no PCI devices to walk.
TEST_F(InterfaceMachine, Bug14WhatOnlyVulkanSeesUnderWslIsOneRecord) {
  root_.write("/dev/dxg", "");
  const Machine machine = detect_with("wsl", "pocl");
  EXPECT_THAT(names_of(machine), ElementsAre("AMD Radeon RX 7900 XTX"));
  EXPECT_EQ(machine.accelerators[0].driver, "Vulkan");
  EXPECT_EQ(machine.accelerators[0].vendor, "AMD");
}

TEST_F(InterfaceMachine, SoftwareIsNoGpu) {
  root_.write("/dev/dxg", "");
  EXPECT_TRUE(detect_with("software", "pocl").accelerators.empty());
}

TEST_F(InterfaceMachine, OpenClGivesALowerBoundAndNoSize) {
  add("0000:08:00.0", "0x8086", "0x56a5", "xe");
  for (const char* vulkan : {"", "crash", "refuse"}) {
    const Machine machine = detect_with(vulkan, "a380");
    ASSERT_EQ(machine.accelerators.size(), 1u) << vulkan;
    EXPECT_FALSE(machine.accelerators[0].memory.total) << vulkan;
    EXPECT_TRUE(std::any_of(machine.notes.begin(), machine.notes.end(), [](const Note& note) {
      return note.code == "memory-size-unknown" && note.message.find("at least 5784 MiB of memory (what OpenCL") != std::string::npos;
    })) << vulkan;
  }
}

TEST_F(InterfaceMachine, AHangingLoaderCostsTheLimitAndNothingElse) {
  add("0000:03:00.0", "0x8086", "0xe20b", "xe");
  const Machine machine = detect_with("hang", "a380", std::chrono::milliseconds(100));
  EXPECT_EQ(machine.accelerators.size(), 1u);
  EXPECT_EQ(children_, 1);  // the limit was for all of them
}

InterfaceDevice device_named(std::string name, std::string address, std::string uuid, std::int64_t bytes) {
  InterfaceDevice device;
  device.interface = "OpenCL";
  device.name = std::move(name);
  device.address = std::move(address);
  device.uuid = std::move(uuid);
  device.vendor_id = 0x1002;
  device.memory = Bytes{bytes};
  return device;
}

// Bug 13: the listing of a Ryzen AI 9 HX 370 with two platforms, 0.5 and 16 GB of the same memory.
TEST(MergedDevices, Bug13ByAddressThenByUuidThenByVendor) {
  const auto a = device_named("gfx1150", "0000:c4:00.0", "", 16441004032);
  const auto b = device_named("AMD Radeon 890M", "0000:c4:00.0", "", 536870912);
  const auto one = merged({a, b});
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].memory, Bytes{16441004032});
  const std::string uuid(32, '7');
  EXPECT_EQ(merged({device_named("x", "", uuid, 1), device_named("x", "", uuid, 1)}).size(), 1u);
  EXPECT_EQ(merged({device_named("x", "", uuid, 1), device_named("x", "", std::string(32, '8'), 1)}).size(), 2u);
  EXPECT_EQ(merged({device_named("x", "0000:01:00.0", "", 1), device_named("x", "0000:02:00.0", "", 1)}).size(), 2u);
  EXPECT_EQ(merged({device_named("x", "", "", 1), device_named("x", "0000:02:00.0", "", 1)}).size(), 1u);
}

TEST_F(InterfaceMachine, TwoOpenClPlatformsOfOneProcessorAreOneRecord) {
  root_.write("/dev/dxg", "");
  const Machine machine = detect_with("", "strix-point");
  ASSERT_EQ(machine.accelerators.size(), 1u);
  EXPECT_TRUE(machine.accelerators[0].integrated);
  EXPECT_FALSE(machine.accelerators[0].memory.total);  // 16 GB of system memory are not a card's
}

TEST(InterfaceReport, SurvivesWhatIsNotOne) {
  EXPECT_TRUE(parse_interface_report("").empty());
  EXPECT_TRUE(parse_interface_report("name\tx\nmemory\t5\n").empty());
  const auto devices = parse_interface_report("device\tVulkan\nname\tx\nvendor_id\t65541\nmemory\t-1\naddress\tnonsense\nuuid\tshort\n\tx\n");
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_EQ(devices[0].vendor_id, 0);
  EXPECT_FALSE(devices[0].memory);
  EXPECT_EQ(devices[0].address, "");
  EXPECT_TRUE(merged(devices).empty());
}

}  // namespace
}  // namespace hardscape
