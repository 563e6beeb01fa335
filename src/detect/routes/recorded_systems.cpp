#include "detect/parse/macos_sysctl.hpp"
#include "detect/parse/windows_topology.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {

// Recordings of machines without /proc and /sys: /macos/sysctl.txt is what `sysctl -a` wrote,
// /windows/logical_processors.bin the buffer of GetLogicalProcessorInformationEx.
void observe_recorded_systems(const Host& host, const DetectOptions&, Sightings& seen) {
  if (host.is_live || !seen.topology.online.empty()) return;
  if (const auto text = host.files.read("/macos/sysctl.txt")) parse_macos_sysctl(*text, seen);
  if (const auto buffer = host.files.read("/windows/logical_processors.bin")) {
    TopologySighting topology = parse_windows_topology(*buffer);
    if (topology.online.empty()) return;
    topology.route = "GetLogicalProcessorInformationEx";
    seen.topology = std::move(topology);
    seen.os.name = "Windows";
  }
}

}  // namespace hardscape
