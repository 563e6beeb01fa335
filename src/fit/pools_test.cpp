// How much of a machine a model may have. Figures in comments are worked out by hand from the stated rules.
#include <gtest/gtest.h>

#include "hardscape/fit_pools.hpp"

namespace hardscape {
namespace {

constexpr Bytes gibibytes(double n) { return Bytes{static_cast<std::int64_t>(n * static_cast<double>(k_gib))}; }

Accelerator gpu(std::string vendor, double total, MemoryKind kind = MemoryKind::dedicated) {
  Accelerator device;
  device.id = "gpu0";
  device.vendor = std::move(vendor);
  device.name = "card";
  device.memory.kind = kind;
  device.memory.total = Fact<Bytes>{gibibytes(total), {Origin::reported, "driver", "", Confidence::unstated}};
  device.usable = true;
  return device;
}

Machine machine(double total, std::optional<double> available = std::nullopt) {
  Machine m;
  m.os.name = "Debian GNU/Linux";
  m.memory.total = gibibytes(total);
  if (available) m.memory.available = gibibytes(*available);
  return m;
}

TEST(MemoryView, TakesWhatTheKernelSaysIsAvailable) {
  EXPECT_EQ(memory_view(machine(64, 40)).host.free, gibibytes(40));
  EXPECT_EQ(memory_view(machine(64, 40)).host.source.origin, Origin::reported);
}

TEST(MemoryView, KeepsAReserveWhereNobodySays) {
  EXPECT_EQ(memory_view(machine(4)).host.free, gibibytes(3.5));   // at least half a GiB
  EXPECT_EQ(memory_view(machine(40)).host.free, gibibytes(36));   // a tenth
  EXPECT_EQ(memory_view(machine(200)).host.free, gibibytes(192)); // at most 8
  EXPECT_EQ(memory_view(machine(40, 40)).host.free, gibibytes(36)) << "available like the total is no figure";
}

TEST(MemoryView, ALimitOnTheProcessHolds) {
  Machine m = machine(64, 40);
  m.memory.limit = gibibytes(8);
  EXPECT_EQ(memory_view(m).host.free, gibibytes(8));
  m.memory.available = gibibytes(5);
  EXPECT_EQ(memory_view(m).host.free, gibibytes(5));
}

TEST(MemoryView, FreeOnACardNotTotal) {
  Machine m = machine(64, 40);
  m.accelerators = {gpu("NVIDIA", 24)};
  EXPECT_EQ(memory_view(m).devices[0].free.value, gibibytes(24).value - 644245094);  // 0.6 GiB without a display
  m.os.name = "Windows 11";
  EXPECT_EQ(memory_view(m).devices[0].free, gibibytes(22));
  m.accelerators[0].memory.free = gibibytes(9);
  EXPECT_EQ(memory_view(m).devices[0].free, gibibytes(9));
}

TEST(MemoryView, AppleWorkingSet) {
  // Two thirds up to 36 GiB, three quarters above.
  for (const auto& [total, expected] : {std::pair{24.0, 16.0}, std::pair{36.0, 24.0}, std::pair{64.0, 48.0}, std::pair{128.0, 96.0}}) {
    Machine m = machine(total);
    m.memory.unified = true;
    m.accelerators = {gpu("Apple", total, MemoryKind::unified)};
    EXPECT_NEAR(in_gib(memory_view(m).devices[0].free), expected, 1e-6) << total;
  }
  Machine raised = machine(64);
  raised.accelerators = {gpu("Apple", 56, MemoryKind::unified)};  // iogpu.wired_limit_mb, as reported
  EXPECT_EQ(memory_view(raised).devices[0].free, gibibytes(56));
}

TEST(MemoryView, CarveOutBesideTheKernelsMemory) {
  // 128 GiB board: 96 carved out, 31 seen by the kernel with 28 available, 15.5 of it for the GPU as well.
  Machine m = machine(31, 28);
  m.accelerators = {gpu("AMD", 111.5, MemoryKind::unified)};
  const MemoryView view = memory_view(m);
  EXPECT_EQ(view.devices[0].own, gibibytes(80.5));
  EXPECT_EQ(view.devices[0].free, gibibytes(108.5));
}

TEST(MemoryView, UnifiedMachineTakesWhatIsAvailable) {
  Machine m = machine(119, 110);  // GB10
  m.accelerators = {gpu("NVIDIA", 119, MemoryKind::unified)};
  EXPECT_EQ(memory_view(m).devices[0].free, gibibytes(110));
  EXPECT_EQ(memory_view(m).devices[0].own, Bytes{0});
}

TEST(MemoryView, PartitionsAreDevices) {
  Machine m = machine(512, 500);
  m.accelerators = {gpu("NVIDIA", 80)};
  m.accelerators[0].partitions = {{"1", "3g.40gb", gibibytes(39.5)}, {"2", "3g.40gb", gibibytes(39.5)}};
  MemoryView view = memory_view(m);
  ASSERT_EQ(view.devices.size(), 2u);
  EXPECT_NE(view.devices[0].group, view.devices[1].group) << "one process sees one MIG instance";
  m.accelerators[0] = gpu("AMD", 192);
  for (int i = 0; i < 8; ++i) m.accelerators[0].partitions.push_back({std::to_string(i), "CPX", std::nullopt});
  view = memory_view(m);
  ASSERT_EQ(view.devices.size(), 8u);
  EXPECT_EQ(view.devices[3].total, gibibytes(24));
  EXPECT_EQ(view.devices[0].group, view.devices[7].group);
}

TEST(MemoryView, LeavesOutWhatHoldsNoModel) {
  Machine m = machine(32, 20);
  Accelerator npu = gpu("Intel", 16, MemoryKind::shared);
  npu.kind = AcceleratorKind::npu;
  Accelerator broken = gpu("NVIDIA", 24);
  broken.usable = false;
  broken.why_not = "the driver is not loaded";
  Accelerator unknown = gpu("NVIDIA", 24);
  unknown.memory.total.reset();
  m.accelerators = {npu, broken, unknown};
  const MemoryView view = memory_view(m);
  EXPECT_TRUE(view.devices.empty());
  EXPECT_EQ(view.notes.size(), 2u);
}

}  // namespace
}  // namespace hardscape
