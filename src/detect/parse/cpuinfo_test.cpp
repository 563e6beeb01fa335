#include "detect/parse/cpuinfo.hpp"

#include <gtest/gtest.h>

namespace hardscape {
namespace {

// Bug 7: guests and containers write any numbers; distinct (physical id, core id) pairs count. Counts of the three
// whole texts are in tests/machines (ollama #5554, #7359); this is the shape of the problem.
TEST(CpuinfoTest, Bug7DistinctPairsCountHoweverNumbered) {
  const Cpuinfo info = parse_cpuinfo(
      "processor\t: 0\nphysical id\t: 483\ncore id\t: 0\n\nprocessor\t: 1\nphysical id\t: 483\ncore id\t: 0\n\n"
      "processor\t: 2\nphysical id\t: 485\ncore id\t: 0\n\n");
  const CpuinfoTopology topology = topology_of(info);
  EXPECT_EQ(topology.online.count(), 3);
  EXPECT_EQ(topology.cores.size(), 2U);
  EXPECT_EQ(topology.packages.size(), 2U);
}

TEST(CpuinfoTest, TellsTheArchitectureFromTheText) {
  const struct {
    const char* text;
    const char* architecture;
    const char* name;
  } cases[] = {
      {"processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: fpu lm avx2\n", "x86_64", "AMD EPYC"},
      {"processor\t: 0\nmodel name\t: Old\nflags\t\t: fpu sse\n", "i686", "Old"},
      {"processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU part\t: 0xd03\n", "aarch64", ""},
      {"Processor\t: AArch64 Processor rev 1 (aarch64)\nprocessor\t: 0\nCPU architecture: 8\n", "aarch64", ""},
      {"Processor\t: ARMv7 Processor rev 1 (v7l)\nprocessor\t: 0\nCPU architecture: 7\n", "armv7l", ""},
      {"processor\t: 0\nhart\t: 1\nisa\t: rv64imafdcv\n", "riscv64", ""},
      {"processor\t: 0\ncpu\t\t: POWER7 (architected), altivec supported\n", "ppc64", "POWER7 (architected)"},
      {"processor\t: 0\ncpu\t\t: POWER9, altivec supported\n", "ppc64le", "POWER9"},
      {"vendor_id       : IBM/S390\nprocessor 0: version = FF,  identification = 2733E8,  machine = 2964\n", "s390x", ""},
      {"processor  : 0\nvendor     : GenuineIntel\narch       : IA-64\nmodel name : Itanium\n", "ia64", "Itanium"},
      {"", "", ""},
      {"\0\xff\xfe: :::\n:\n", "", ""},
  };
  for (const auto& c : cases) {
    const Cpuinfo info = parse_cpuinfo(c.text);
    EXPECT_EQ(info.architecture, c.architecture) << c.text;
    EXPECT_EQ(info.name, c.name) << c.text;
  }
}

TEST(CpuinfoTest, StopsAtTheLimitOfProcessors) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "processor\t: " + std::to_string(i) + "\n";
  EXPECT_EQ(parse_cpuinfo(text).processors.size(), static_cast<std::size_t>(CpuSet::k_limit));
}

}  // namespace
}  // namespace hardscape
