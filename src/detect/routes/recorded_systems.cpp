#include "detect/parse/macos_sysctl.hpp"
#include "detect/parse/windows_topology.hpp"
#include "detect/routes/accelerators/apple_gpu.hpp"
#include "detect/routes/accelerators/windows_adapters.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {

namespace {

void replay_macos(const FileTree& files, Sightings& seen) {
  const auto sysctl = files.read("/macos/sysctl.txt");
  if (!sysctl) return;
  parse_macos_sysctl(*sysctl, seen);
  const auto ioreg = files.read("/macos/ioreg.txt");
  if (ioreg && seen.memory.total)
    add_apple_gpu(parse_ioreg(*ioreg), apple_gpu_limit(*seen.memory.total, std::nullopt, wired_limit_mb(*sysctl)), seen);
}

void replay_windows(const FileTree& files, Sightings& seen) {
  const auto buffer = files.read("/windows/logical_processors.bin");
  if (!buffer) return;
  TopologySighting topology = parse_windows_topology(*buffer);
  if (topology.online.empty()) return;
  topology.route = "GetLogicalProcessorInformationEx";
  seen.topology = std::move(topology);
  seen.os.name = "Windows";
  const auto adapters = files.read("/windows/video_controllers.txt");
  if (!adapters) return;
  const auto registry = files.read("/windows/registry_sizes.txt").value_or("");
  add_windows_adapters(merge_adapters(parse_adapter_sizes(*adapters), parse_adapter_sizes(registry)), seen);
}

}  // namespace

// Recordings of machines without /proc and /sys: /macos/sysctl.txt is what `sysctl -a` wrote and /macos/ioreg.txt what
// `ioreg -l` did; /windows/logical_processors.bin is the buffer of GetLogicalProcessorInformationEx, and
// /windows/video_controllers.txt and registry_sizes.txt are lists of "name|bytes".
void observe_recorded_systems(const Host& host, const DetectOptions&, Sightings& seen) {
  if (host.is_live || !seen.topology.online.empty()) return;
  replay_macos(host.files, seen);
  if (seen.topology.online.empty()) replay_windows(host.files, seen);
}

}  // namespace hardscape
