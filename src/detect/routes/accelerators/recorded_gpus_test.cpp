// Recorded sysfs folders of AMD and Intel GPUs: what their files and their owners say.
#include <gtest/gtest.h>

#include "hardscape/detect.hpp"
#include "support/packed_machine.hpp"

namespace hardscape {
namespace {

struct Expected {
  const char* machine;
  std::size_t devices;
  std::uint16_t device_id;
  std::int64_t memory;       // bytes; 0: nobody knows
  bool integrated;
  bool usable;
  const char* gfx;
  int compute_units;         // 0: not said
  double watts;              // 0: not said
  double gb_per_s;           // 0: not said
};

// Memory, power and clocks: the files. Compute units: LACT's and the plug-in's own expectations. Bandwidth: AMD's data
// sheets (Vega 10 at 945 MHz is 484 GB/s, LPDDR5-6400 on 128 bits 102.4 GB/s).
constexpr Expected k_expected[] = {
    {"lact-amd-hd7870", 1, 0x6818, 0, false, false, "", 0, 0, 0},
    {"lact-amd-phoenix", 1, 0x15bf, 0, true, true, "gfx1103", 12, 0, 102.4},
    {"lact-amd-vangogh", 1, 0x163f, 0, true, true, "gfx1033", 8, 15, 0},
    {"lact-amd-vega56", 1, 0x687f, 8573157376, false, true, "", 0, 260, 0},
    {"lact-amd-rx580", 1, 0x67df, 4294967296, false, true, "", 0, 155, 0},
    {"lact-amd-r7-240", 1, 0x6617, 2147483648, false, false, "", 0, 0, 0},
    {"lact-amd-rx6900xt", 1, 0x73bf, 17163091968, false, true, "", 0, 289, 0},
    {"lact-amd-rx7900xtx", 1, 0x744c, 0, false, true, "", 0, 290, 0},
    {"lact-amd-rx9070xt", 1, 0x7550, 0, false, true, "", 0, 120, 0},
    {"lact-amd-rx7600s", 1, 0x7480, 0, false, true, "", 0, 95, 0},
    {"lact-intel-a380-xe", 1, 0x56a5, 0, false, true, "", 0, 0, 0},
    {"lact-intel-b580", 1, 0xe20b, 0, false, true, "", 0, 0, 0},
    {"lact-intel-b580-6.16", 1, 0xe20b, 0, false, true, "", 0, 0, 0},
    {"lact-intel-tigerlake", 1, 0x9a49, 0, true, true, "", 0, 0, 0},
    {"kfd-topology-parsing", 2, 0x6860, 17163091968, false, true, "gfx900", 64, 0, 483.84},
    {"kfd-topo-mi210-xgmi-pcie", 8, 0x740f, 0, false, true, "gfx90a", 104, 0, 0},
    {"kfd-topo-mi300-cpx", 8, 0x74a1, 0, false, true, "gfx942", 304, 0, 0},
};

Machine replay(const std::string& name) {
  const PackedMachine packed(std::string(HARDSCAPE_SOURCE_DIR) + "/tests/machines/" + name + "/tree.txt");
  const auto host = recorded_host(packed.root());
  EXPECT_TRUE(host);
  return detect(*host);
}

TEST(RecordedGpus, AreWhatTheirFilesSay) {
  for (const Expected& expected : k_expected) {
    SCOPED_TRACE(expected.machine);
    const Machine machine = replay(expected.machine);
    ASSERT_EQ(machine.accelerators.size(), expected.devices);
    const Accelerator& device = machine.accelerators.front();
    ASSERT_TRUE(device.pci);
    EXPECT_EQ(device.pci->device_id, expected.device_id);
    EXPECT_EQ(device.memory.total ? device.memory.total->value.value : 0, expected.memory);
    EXPECT_EQ(device.integrated, expected.integrated);
    EXPECT_EQ(device.usable, expected.usable);
    EXPECT_EQ(device.usable, !device.why_not);
    EXPECT_EQ(device.gfx_target.value_or(""), expected.gfx);
    EXPECT_EQ(device.compute_units.value_or(0), expected.compute_units);
    EXPECT_DOUBLE_EQ(device.power_limit ? device.power_limit->value.value : 0, expected.watts);
    EXPECT_NEAR(device.bandwidth ? device.bandwidth->value.value / 1e9 : 0, expected.gb_per_s, 0.01);
  }
}

// 63 of 64 partitions are listed: 8 cards, and no total for the card that misses one.
TEST(RecordedGpus, PartitionsAreChildrenOfTheirCard) {
  const Machine machine = replay("kfd-topo-mi300-cpx");
  std::size_t partitions = 0;
  for (const Accelerator& device : machine.accelerators) {
    partitions += device.partitions.size();
    if (device.partitions.size() != 8) {
      EXPECT_FALSE(device.compute_units);
    }
    EXPECT_FALSE(device.memory.total);  // this recording has no memory banks
  }
  EXPECT_EQ(partitions, 63u);
}

// Reported bug 16: Arc cards with 0 GB.
TEST(RecordedGpus, Bug16ArcMemoryIsUnknownAndNotZero) {
  for (const char* name : {"lact-intel-a380-xe", "lact-intel-b580", "lact-intel-b580-6.16"}) {
    const Machine machine = replay(name);
    ASSERT_EQ(machine.accelerators.size(), 1u);
    EXPECT_FALSE(machine.accelerators[0].memory.total);
    EXPECT_EQ(machine.accelerators[0].memory.kind, MemoryKind::dedicated);
    EXPECT_TRUE(std::any_of(machine.notes.begin(), machine.notes.end(), [](const Note& note) { return note.code == "memory-size-unknown"; }));
  }
}

// The same snapshot with the memory of its owner beside it (synthetic: the recording holds no /proc/meminfo).
TEST(RecordedGpus, Bug3ApuBudgetIsCarveOutPlusWhatTheDriverMapsCountedOnce) {
  const PackedMachine packed(std::string(HARDSCAPE_SOURCE_DIR) + "/tests/machines/lact-amd-phoenix/tree.txt");
  packed.folder().write("/proc/meminfo", "MemTotal: 61394488 kB\nMemAvailable: 20000000 kB\n");
  const auto host = recorded_host(packed.root());
  ASSERT_TRUE(host);
  const Machine machine = detect(*host);
  const Accelerator& device = machine.accelerators.front();
  ASSERT_TRUE(device.memory.total);
  EXPECT_EQ(device.memory.total->value.value, 4294967296 + 31433977856);
  EXPECT_LE(device.memory.total->value, machine.memory.total + Bytes{4294967296});
  ASSERT_TRUE(device.memory.free);
  EXPECT_LE(device.memory.free->value, 4294967296 + 20000000LL * 1024);
  EXPECT_GE(device.memory.free->value, 20000000LL * 1024);
  EXPECT_EQ(device.memory.kind, MemoryKind::unified);
  EXPECT_TRUE(machine.memory.unified);
}

// Reported bug 18: the visible window taken for the memory (256 MiB on all three).
TEST(RecordedGpus, Bug18VisibleMemoryIsNotTheMemory) {
  for (const char* name : {"lact-amd-vega56", "lact-amd-rx580", "lact-amd-r7-240"})
    EXPECT_GT(replay(name).accelerators.at(0).memory.total->value.value, std::int64_t{268435456}) << name;
}

// Bug 1 and sections 5 and 6: management and virtual displays are no GPUs; POWER9 lists six without a PCI tree.
TEST(RecordedGpus, CountsOfWholeMachines) {
  const std::pair<const char*, std::size_t> counts[] = {
      {"ghw-i7-1270p", 1}, {"ghw-kvm-p100", 1}, {"ghw-ryzen-1600", 1}, {"ghw-offline-cpus", 0},
      {"nvidiagpunumanodes", 6}, {"32em64t-2n8c-dax-nvme-mic-dimms", 0}, {"2pa-pcidomain32bits", 0}};
  for (const auto& [name, count] : counts) EXPECT_EQ(replay(name).accelerators.size(), count) << name;
  const Machine kvm = replay("ghw-kvm-p100");
  EXPECT_EQ(kvm.accelerators.at(0).pci->device_id, 0x15f8);
  EXPECT_FALSE(kvm.accelerators.at(0).memory.total);
  EXPECT_FALSE(replay("ghw-ryzen-1600").accelerators.at(0).usable);
  EXPECT_TRUE(replay("ghw-i7-1270p").accelerators.at(0).integrated);
  for (const Accelerator& device : replay("nvidiagpunumanodes").accelerators) {
    EXPECT_EQ(device.vendor, "NVIDIA");
    ASSERT_TRUE(device.memory.total);
    EXPECT_EQ(device.memory.total->value.value, 0x3f0000000);  // V100 of 16 GiB, by the driver's numa_status
  }
}

}  // namespace
}  // namespace hardscape
