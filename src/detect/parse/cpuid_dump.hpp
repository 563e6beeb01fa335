// Recorded cpuid leaves of every logical processor, and the topology they describe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sightings.hpp"
#include "hardscape/host.hpp"

namespace hardscape {

// The recording of one logical processor: lines "mask eax ebx ecx edx => eax ebx ecx edx" in hexadecimal, where
// the bits of mask say which inputs matter (1: eax, 4: ecx), as hwloc-gather-cpuid writes them. Lines that are
// not that are left out. At most 4096 lines. Answers nothing for a leaf that was not recorded.
Cpuid parse_cpuid_dump(std::string_view text);

// What one logical processor says about its place and caches.
struct CpuidPlace {
  std::uint32_t apic_id = 0;
  int core_shift = 0;     // apic_id >> core_shift is the same for the threads of a core
  int package_shift = 0;  // and this one for those of a package
  int core_type = 0;      // leaf 0x1A: 0x20 efficiency, 0x40 performance; AMD: 1 performance, 2 efficiency; 0 unknown
  struct SharedCache {
    int level = 0;
    std::string type;
    std::optional<Bytes> size;
    int shift = 0;        // apic_id >> shift is the same for all that share it
  };
  std::vector<SharedCache> caches;
};
CpuidPlace place_of(const Cpuid& cpuid);

std::string cpuid_vendor(const Cpuid& cpuid);      // "GenuineIntel"; empty when leaf 0 is missing
std::string cpuid_brand(const Cpuid& cpuid);       // trimmed; empty when there is none

// Groups places (by processor number) into cores, packages, caches and kinds.
TopologySighting topology_of(const std::vector<std::pair<int, CpuidPlace>>& places);

}  // namespace hardscape
