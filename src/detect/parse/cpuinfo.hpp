// /proc/cpuinfo as every Linux architecture writes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/cpu_set.hpp"

namespace hardscape {

// One "processor : N" paragraph. Members are what the text says, empty when it says nothing.
struct CpuinfoProcessor {
  int number = 0;
  std::optional<int> physical_id;
  std::optional<int> core_id;
  std::optional<int> implementer;  // ARM
  std::optional<int> part;         // ARM
};

struct Cpuinfo {
  std::vector<CpuinfoProcessor> processors;
  std::string name;          // "model name" and its relatives
  std::string vendor_id;     // as written: "GenuineIntel", "IBM/S390"
  std::string hardware;      // "Hardware": the SoC or board, on ARM
  std::string model;         // "Model": the board, on a Raspberry Pi
  std::string revision;      // "Revision": the board code of a Raspberry Pi
  std::string flags;         // x86 flags, ARM Features, RISC-V isa, s390 features
  std::string architecture;  // "x86_64", "aarch64" ... as far as the text tells; else empty
  bool hypervisor = false;   // x86 flag: this is a guest
};

// Never fails: what it does not understand it leaves out. At most CpuSet::k_limit processors.
Cpuinfo parse_cpuinfo(std::string_view text);

// Topology from the text alone, for when there is no sysfs: pairs of physical and core id. Wrong in some
// containers and guests, which is why it comes last.
struct CpuinfoTopology {
  CpuSet online;
  std::vector<CpuSet> cores;
  std::vector<CpuSet> packages;
};
CpuinfoTopology topology_of(const Cpuinfo& info);

}  // namespace hardscape
