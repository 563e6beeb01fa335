#include "host/cpuid.hpp"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

namespace hardscape {

Cpuid live_cpuid() {
#if defined(__x86_64__) || defined(__i386__)
  return [](std::uint32_t leaf, std::uint32_t subleaf) -> std::optional<CpuidLeaf> {
    CpuidLeaf out;
    // The hypervisor's leaves lie between the two ranges whose length cpuid tells.
    if (leaf >= 0x40000000U && leaf < 0x80000000U) {
      __cpuid_count(leaf, subleaf, out.eax, out.ebx, out.ecx, out.edx);
      return out;
    }
    if (__get_cpuid_count(leaf, subleaf, &out.eax, &out.ebx, &out.ecx, &out.edx) == 0) return std::nullopt;
    return out;
  };
#else
  return {};
#endif
}

}  // namespace hardscape
