// libFuzzer target: the first byte picks a parser, the rest is its input. None may crash, hang or read outside.
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "detect/arm_cores.hpp"
#include "detect/cpu_features.hpp"
#include "detect/cpu_set.hpp"
#include "detect/parse/cgroup.hpp"
#include "detect/parse/cpuid_dump.hpp"
#include "detect/parse/cpuinfo.hpp"
#include "detect/parse/key_values.hpp"
#include "detect/parse/macos_sysctl.hpp"
#include "detect/parse/meminfo.hpp"
#include "detect/parse/smbios.hpp"
#include "detect/parse/windows_topology.hpp"
#include "detect/routes/accelerators/apple_gpu.hpp"
#include "detect/routes/accelerators/windows_adapters.hpp"
#include "detect/scrub.hpp"

namespace hardscape {
namespace {

using Parser = void (*)(std::string_view);

constexpr Parser k_parsers[] = {
    [](std::string_view text) { (void)parse_cpu_list(text); },
    [](std::string_view text) { (void)parse_cpu_mask(text); },
    [](std::string_view text) { (void)topology_of(parse_cpuinfo(text)); },
    [](std::string_view text) { (void)available_memory(parse_meminfo(text), zfs_reclaimable(text)); },
    [](std::string_view text) {
      const std::size_t half = text.size() / 2;
      for (const auto controller : {CgroupController::memory, CgroupController::cpuset, CgroupController::cpu})
        (void)cgroup_folders(controller, text.substr(0, half), text.substr(0, 64), text.substr(half));
    },
    [](std::string_view text) {
      (void)parse_memory_limit(text);
      (void)parse_cpu_max(text);
      (void)parse_resource_limit(text, "Max data size");
      (void)parse_memory_stat(text, "inactive_file");
    },
    [](std::string_view text) {
      const Cpuid cpuid = parse_cpuid_dump(text);
      (void)topology_of({{0, place_of(cpuid)}, {1, place_of(cpuid)}});
      (void)cpuid_brand(cpuid);
      (void)x86_features_from_cpuid(cpuid, [](VectorState) { return true; });
    },
    [](std::string_view text) { (void)layout_of(parse_smbios(text)); },
    [](std::string_view text) { (void)layout_of(parse_udev_memory(text)); },
    [](std::string_view text) { (void)scrub_smbios(text, true); },
    [](std::string_view text) { (void)parse_windows_topology(text); },
    [](std::string_view text) {
      Sightings seen;
      parse_macos_sysctl(text, seen);
    },
    [](std::string_view text) { (void)parse_key_values(text); },
    [](std::string_view text) { (void)scrub("/proc/self/cgroup", text); },
    [](std::string_view text) { (void)features_from_text("riscv64", text, text); },
    [](std::string_view text) { (void)parse_midr(std::string(text)); },
    [](std::string_view text) {
      Sightings seen;
      add_apple_gpu(parse_ioreg(text), apple_gpu_limit(Bytes{64 * k_gib}, std::nullopt, wired_limit_mb(text)), seen);
    },
    [](std::string_view text) {
      Sightings seen;
      const auto adapters = parse_adapter_sizes(text);
      add_windows_adapters(merge_adapters(adapters, adapters), seen);
    },
};

}  // namespace
}  // namespace hardscape

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  hardscape::k_parsers[data[0] % std::size(hardscape::k_parsers)](text);
  return 0;
}
