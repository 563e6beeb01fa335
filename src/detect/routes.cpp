#include "detect/routes.hpp"

#include "detect/routes/accelerators/routes_of_accelerators.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

constexpr Route k_routes[] = {
    {"os", observe_os},
    {"cpuinfo", observe_cpuinfo},
    {"board", observe_board},
    {"virtualization", observe_virtualization},
    {"cpu-topology", observe_cpu_topology},
    {"cpuid-dump", observe_cpuid_dump},
    {"recorded-systems", observe_recorded_systems},
#ifdef __APPLE__
    {"macos", observe_macos, true},
#endif
#ifdef _WIN32
    {"windows", observe_windows, true},
#endif
    {"caches", observe_caches},
    {"numa", observe_numa},
    {"core-kinds", observe_core_kinds},
    {"cpu-features", observe_cpu_features},
    {"limits", observe_limits},
    {"memory", observe_memory},
    {"memory-speed", observe_memory_speed},
    {"pci-accelerators", observe_pci_accelerators},
    {"amd-gpus", observe_amd_gpus},
    {"intel-gpus", observe_intel_gpus},
    {"nvidia-gpus", observe_nvidia_gpus},
    {"npus", observe_npus},
    {"board-gpus", observe_board_gpus},
#ifdef __APPLE__
    {"apple-gpu", observe_apple_gpu, true},
#endif
#ifdef _WIN32
    {"windows-gpus", observe_windows_gpus, true},
#endif
    {"other-interfaces", observe_other_interfaces},
    {"visible-devices", observe_visible_devices},
    // Last: it completes what the others saw.
    {"recorded-answers", observe_recorded_answers},
};

}  // namespace

std::span<const Route> detection_routes() { return k_routes; }

Sightings observe(const Host& host, const DetectOptions& options) {
  Sightings seen;
  for (const Route& route : detection_routes()) {
    if (route.needs_live_machine && !host.is_live) continue;
    route.observe(host, options, seen);
  }
  return seen;
}

}  // namespace hardscape
