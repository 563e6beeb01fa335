// Windows and macOS, from what they answer. The two real Windows buffers are in tests/machines (bug 23: 2 x 20 cores in
// two groups must not become 40 in one package); these are the edges.
#include <gtest/gtest.h>

#include "detect/parse/macos_sysctl.hpp"
#include "detect/parse/windows_topology.hpp"

namespace hardscape {
namespace {

// Synthetic: the keys and figures that Apple publishes for an M4 Max with 12 + 4 cores and 64 GB.
constexpr const char* k_m4_max =
    "hw.logicalcpu: 16\nhw.physicalcpu: 16\nhw.packages: 1\nhw.memsize: 68719476736\nhw.nperflevels: 2\n"
    "hw.perflevel0.name: Performance\nhw.perflevel0.physicalcpu: 12\nhw.perflevel0.logicalcpu: 12\n"
    "hw.perflevel0.l1dcachesize: 131072\nhw.perflevel0.l2cachesize: 16777216\nhw.perflevel0.cpusperl2: 6\n"
    "hw.perflevel1.name: Efficiency\nhw.perflevel1.physicalcpu: 4\nhw.perflevel1.logicalcpu: 4\n"
    "hw.perflevel1.l1dcachesize: 65536\nhw.perflevel1.l2cachesize: 4194304\nhw.perflevel1.cpusperl2: 4\n"
    "machdep.cpu.brand_string: Apple M4 Max\nhw.model: Mac16,5\nkern.osproductversion: 15.1\n"
    "hw.optional.AdvSIMD: 1\nhw.optional.arm.FEAT_DotProd: 1\nhw.optional.arm.FEAT_I8MM: 1\nhw.optional.arm.FEAT_BF16: 1\n"
    "hw.optional.arm.FEAT_SME: 1\nhw.optional.arm.FEAT_SME2: 1\n";

TEST(MacosSysctlTest, ReadsAnAppleChip) {
  Sightings seen;
  parse_macos_sysctl(k_m4_max, seen);
  EXPECT_EQ(seen.topology.online.count(), 16);
  EXPECT_EQ(seen.topology.cores.size(), 16U);
  EXPECT_EQ(seen.topology.packages.size(), 1U);
  ASSERT_EQ(seen.topology.kinds.size(), 2U);
  EXPECT_EQ(seen.topology.kinds[0].name, "performance");
  EXPECT_EQ(seen.topology.kinds[0].cpus.count(), 12);
  int second_level = 0;
  for (const CacheSighting& cache : seen.topology.caches) second_level += cache.level == 2 ? 1 : 0;
  EXPECT_EQ(second_level, 3) << "two clusters of six and one of four";
  EXPECT_EQ(seen.memory.total, Bytes{68719476736});
  EXPECT_EQ(seen.processor.name, "Apple M4 Max");
  EXPECT_EQ(seen.processor.architecture, "aarch64");
  EXPECT_EQ(seen.processor.features, (std::vector<std::string>{"neon", "dotprod", "i8mm", "bf16", "sme", "sme2"}));
}

// An absent key means no: M3 lists no SME keys.
TEST(MacosSysctlTest, AbsentKeysAreNo) {
  Sightings seen;
  parse_macos_sysctl("hw.ncpu: 8\nhw.optional.AdvSIMD: 1\nhw.optional.arm.FEAT_SME: 0\n", seen);
  EXPECT_EQ(seen.processor.features, (std::vector<std::string>{"neon"}));
  EXPECT_EQ(seen.topology.online.count(), 8);
}

TEST(MacosSysctlTest, NonsenseGivesNothing) {
  for (const char* text : {"", "hw.logicalcpu: -4\n", "hw.logicalcpu: 999999999999\n", "hw.logicalcpu\n"}) {
    Sightings seen;
    parse_macos_sysctl(text, seen);
    EXPECT_TRUE(seen.topology.online.empty()) << text;
  }
  Sightings seen;
  parse_macos_sysctl("hw.logicalcpu: 4\nhw.nperflevels: 100000\nhw.packages: 0\nhw.perflevel0.physicalcpu: 99999999\n", seen);
  EXPECT_EQ(seen.topology.online.count(), 4);
}

std::string core_record(std::uint16_t group, std::uint64_t mask, char efficiency) {
  std::string record(48, '\0');
  record[4] = 48;
  record[9] = efficiency;
  record[30] = 1;
  for (std::size_t i = 0; i < 8; ++i) record[32 + i] = static_cast<char>(mask >> (8 * i) & 0xff);
  record[40] = static_cast<char>(group & 0xff);
  return record;
}

// Bug 23: the same mask in two groups is two cores. Synthetic.
TEST(WindowsTopologyTest, Bug23GroupsAreKeptApart) {
  const TopologySighting topology = parse_windows_topology(core_record(0, 3, 0) + core_record(1, 3, 0));
  EXPECT_EQ(topology.cores.size(), 2U);
  EXPECT_EQ(topology.online.count(), 4);
  EXPECT_TRUE(topology.kinds.empty());
}

TEST(WindowsTopologyTest, HigherEfficiencyClassIsFaster) {
  const TopologySighting topology = parse_windows_topology(core_record(0, 4, 0) + core_record(0, 3, 1));
  ASSERT_EQ(topology.kinds.size(), 2U);
  EXPECT_EQ(topology.kinds[0].name, "performance");
  EXPECT_EQ(topology.kinds[0].cpus.count(), 2);
}

TEST(WindowsTopologyTest, SurvivesEveryTruncationAndLength) {
  const std::string good = core_record(0, 3, 0) + core_record(1, 3, 0);
  for (std::size_t length = 0; length <= good.size(); ++length)
    EXPECT_LE(parse_windows_topology(std::string_view(good).substr(0, length)).cores.size(), 2U);
  std::string endless = core_record(0, 1, 0);
  endless[4] = 0;  // a record of no length
  EXPECT_TRUE(parse_windows_topology(endless).cores.empty());
  std::string many = core_record(0, 1, 0);
  many[30] = static_cast<char>(0xff);
  many[31] = static_cast<char>(0xff);
  EXPECT_EQ(parse_windows_topology(many).online.count(), 1);
}

}  // namespace
}  // namespace hardscape
