#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <functional>

#include "detect/cpu_features.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

#if defined(__x86_64__)
// XCR0; 0 when the system has not switched extended state on (then xgetbv would trap).
std::uint64_t extended_state(const Cpuid& cpuid) {
  const auto features = cpuid(1, 0);
  constexpr std::uint32_t k_osxsave = 1U << 27;
  if (!features || (features->ecx & k_osxsave) == 0) return 0;
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (std::uint64_t{high} << 32) | low;
}

// Linux hands tile data out per process, on request; would it to us?
bool tiles_permitted() {
#if defined(__linux__) && defined(SYS_arch_prctl)
  constexpr int k_get_supported = 0x1021;  // ARCH_GET_XCOMP_SUPP
  constexpr std::uint64_t k_tile_data = std::uint64_t{1} << 18;
  std::uint64_t mask = 0;
  return ::syscall(SYS_arch_prctl, k_get_supported, &mask) == 0 && (mask & k_tile_data) != 0;
#else
  return true;
#endif
}

std::function<bool(VectorState)> live_state(const Cpuid& cpuid) {
  const std::uint64_t xcr0 = extended_state(cpuid);
  return [xcr0](VectorState state) {
    return state_enabled(state, xcr0) && (state != VectorState::amx || tiles_permitted());
  };
}
#endif

}  // namespace

void observe_cpu_features(const Host& host, const DetectOptions&, Sightings& seen) {
  if (!seen.processor.features.empty()) return;
  const Cpuinfo& info = seen.cpuinfo;
  seen.processor.features = features_from_text(seen.processor.architecture.value_or(info.architecture), info.flags, info.name);
#if defined(__x86_64__)
  if (!host.is_live || !host.cpuid) return;
  const auto usable = live_state(host.cpuid);
  if (info.flags.empty()) {
    seen.processor.features = x86_features_from_cpuid(host.cpuid, usable);
    return;
  }
  // A guest may be shown flags that its own system state forbids.
  for (const X86Feature& row : x86_features()) {
    const auto found = std::find(seen.processor.features.begin(), seen.processor.features.end(), row.name);
    if (found == seen.processor.features.end() || usable(row.state)) continue;
    seen.note(Severity::warning, "feature-not-enabled",
              "The processor has " + std::string(row.name) + " but the system does not let programs use it.");
    seen.processor.features.erase(found);
  }
#else
  (void)host;
#endif
}

}  // namespace hardscape
