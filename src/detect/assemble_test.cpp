// What the machine is said to be, from what was seen: the reported bugs of the system half, by number.
#include "detect/assemble.hpp"

#include <gtest/gtest.h>

#include "detect/cpu_features.hpp"

namespace hardscape {
namespace {

Sightings eight_cores() {
  Sightings seen;
  seen.topology.online = CpuSet::range(0, 15);
  for (int core = 0; core < 8; ++core) seen.topology.cores.push_back(CpuSet::of({core, core + 8}));
  seen.topology.packages = {CpuSet::range(0, 3) | CpuSet::range(8, 11), CpuSet::range(4, 7) | CpuSet::range(12, 15)};
  seen.memory.total = Bytes{64 * k_gib};
  seen.memory.available = Bytes{60 * k_gib};
  return seen;
}

const Note* note(const Machine& machine, std::string_view code) {
  for (const Note& n : machine.notes) {
    if (n.code == code) return &n;
  }
  return nullptr;
}

TEST(AssembleTest, Bug6ContainerLimitsAreWhatCounts) {
  Sightings seen = eight_cores();
  seen.allowed.cpus = CpuSet::of({0, 8, 1});
  seen.allowed.cpu_quota = 1.5;
  seen.allowed.memory_limit = Bytes{8 * k_gib};
  seen.allowed.memory_limit_used = Bytes{2 * k_gib};
  const Machine machine = assemble(seen);
  const Processor& processor = machine.processors.at(0);
  EXPECT_EQ(processor.threads, 3);
  EXPECT_EQ(processor.cores, 2);
  EXPECT_EQ(processor.sockets, 1);
  EXPECT_EQ(machine.memory.total, Bytes{64 * k_gib}) << "what the machine has stays";
  EXPECT_EQ(machine.memory.limit, Bytes{8 * k_gib});
  EXPECT_EQ(machine.memory.available, Bytes{6 * k_gib});
  EXPECT_NE(note(machine, "processors-not-allowed"), nullptr);
  EXPECT_NE(note(machine, "processor-quota"), nullptr);
  EXPECT_NE(note(machine, "memory-limited"), nullptr);
}

TEST(AssembleTest, LimitsAboveWhatThereIsAreNone) {
  Sightings seen = eight_cores();
  seen.allowed.memory_limit = Bytes{65 * k_gib};
  seen.allowed.cpu_quota = 16;
  const Machine machine = assemble(seen);
  EXPECT_FALSE(machine.memory.limit);
  EXPECT_EQ(note(machine, "processor-quota"), nullptr);
}

TEST(AssembleTest, Bug24MemoryOfDevicesIsNotRam) {
  Sightings seen = eight_cores();
  seen.topology.nodes = {{0, CpuSet::range(0, 15), Bytes{48 * k_gib}}, {255, {}, Bytes{16 * k_gib}}};
  seen.device_nodes = {{255, Bytes{15 * k_gib}, "0004:05:00.0"}, {255, Bytes{15 * k_gib}, "0004:05:00.0"}};
  const Machine machine = assemble(seen);
  EXPECT_EQ(machine.memory.total, Bytes{48 * k_gib});
  EXPECT_EQ(machine.memory.available, Bytes{48 * k_gib});
  EXPECT_EQ(machine.processors.at(0).numa_nodes, 1);
}

TEST(AssembleTest, NodesWithoutMemoryDoNotCount) {
  Sightings seen = eight_cores();
  seen.topology.nodes = {{0, CpuSet::range(0, 7), Bytes{k_gib}}, {1, CpuSet::range(8, 15), Bytes{0}}, {4, {}, Bytes{k_gib}}};
  EXPECT_EQ(assemble(seen).processors.at(0).numa_nodes, 2);
}

// Bug 11: kinds are counted among the allowed processors.
TEST(AssembleTest, Bug11KindsFollowTheAllowedSet) {
  Sightings seen = eight_cores();
  seen.topology.kinds = {{"performance", CpuSet::range(0, 3) | CpuSet::range(8, 11)}, {"efficiency", CpuSet::range(4, 7) | CpuSet::range(12, 15)}};
  ASSERT_EQ(assemble(seen).processors.at(0).kinds.size(), 2U);
  seen.allowed.cpus = CpuSet::of({0, 1, 8, 4});
  const auto kinds = assemble(seen).processors.at(0).kinds;
  ASSERT_EQ(kinds.size(), 2U);
  EXPECT_EQ(kinds[0], (CoreKind{"performance", 2, 3}));
  EXPECT_EQ(kinds[1], (CoreKind{"efficiency", 1, 1}));
  seen.allowed.cpus = CpuSet::of({0, 1});
  EXPECT_TRUE(assemble(seen).processors.at(0).kinds.empty()) << "one kind left";
}

// 128 bits at 5600 MT/s move 89.6 GB/s (JEDEC DDR5-5600, two channels).
TEST(AssembleTest, BandwidthIsBusTimesRate) {
  Sightings seen = eight_cores();
  seen.memory.rate = Fact<TransfersPerSecond>{TransfersPerSecond{5600e6}, {Origin::reported, "/run/udev/data/+dmi:id", "", {}}};
  seen.memory.bus_bits = 128;
  const auto bandwidth = assemble(seen).memory.bandwidth;
  ASSERT_TRUE(bandwidth);
  EXPECT_DOUBLE_EQ(bandwidth->value.value, 89.6e9);
  EXPECT_EQ(bandwidth->source.origin, Origin::estimated);
  seen.memory.bus_bits.reset();
  EXPECT_FALSE(assemble(seen).memory.bandwidth) << "a rate without a width is no bandwidth";
}

// Bug 20: the instruction is there, the system does not keep its registers.
TEST(CpuFeaturesTest, Bug20StateDecidesWhatIsUsable) {
  const Cpuid everything = [](std::uint32_t leaf, std::uint32_t) -> std::optional<CpuidLeaf> {
    if (leaf == 0) return CpuidLeaf{0x20, 0, 0, 0};
    return CpuidLeaf{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff};
  };
  const auto with = [&](std::uint64_t xcr0) {
    return x86_features_from_cpuid(everything, [=](VectorState state) { return state_enabled(state, xcr0); });
  };
  EXPECT_EQ(with(0), (std::vector<std::string>{"sse4_2"}));
  const auto has = [](const std::vector<std::string>& all, const char* name) {
    return std::find(all.begin(), all.end(), name) != all.end();
  };
  EXPECT_TRUE(has(with(0x7), "avx2"));
  EXPECT_FALSE(has(with(0x7), "avx512f"));
  EXPECT_TRUE(has(with(0xe7), "avx512_vnni"));
  EXPECT_FALSE(has(with(0xe7), "amx_int8"));
  EXPECT_TRUE(has(with(0x602e7), "amx_int8"));
}

TEST(CpuFeaturesTest, ReadsTheWordsOfOtherArchitectures) {
  using List = std::vector<std::string>;
  EXPECT_EQ(features_from_text("aarch64", "fp asimd asimdhp asimddp sve i8mm bf16", ""), (List{"neon", "fp16", "dotprod", "i8mm", "bf16", "sve"}));
  EXPECT_EQ(features_from_text("riscv64", "rv64imafdcv_zvfh", ""), (List{"rvv", "zvfh"}));
  EXPECT_EQ(features_from_text("riscv64", "rv64imafdc_zicsr", ""), List{});
  EXPECT_EQ(features_from_text("ppc64le", "", "POWER10 (architected)"), (List{"vsx", "mma"}));
  EXPECT_EQ(features_from_text("armv7l", "swp half thumb neon vfpv4", ""), List{"neon"});
  EXPECT_EQ(features_from_text("", "", ""), List{});
}

}  // namespace
}  // namespace hardscape
