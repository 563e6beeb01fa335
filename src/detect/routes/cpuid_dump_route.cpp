#include "base/text.hpp"
#include "detect/cpu_features.hpp"
#include "detect/parse/cpuid_dump.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {

// A recording may hold cpuid leaves as /cpuid/pu0, /cpuid/pu1 ... (hwloc-gather-cpuid); they speak where sysfs
// does not.
void observe_cpuid_dump(const Host& host, const DetectOptions&, Sightings& seen) {
  if (host.is_live || !seen.topology.online.empty()) return;
  std::vector<std::pair<int, CpuidPlace>> places;
  Cpuid first;
  for (const std::string& name : host.files.list("/cpuid")) {
    if (!name.starts_with("pu")) continue;
    const auto number = parse_unsigned(std::string_view(name).substr(2));
    if (!number || *number >= CpuSet::k_limit) continue;
    const auto text = host.files.read("/cpuid/" + name, 256 * 1024);
    if (!text) continue;
    const Cpuid cpuid = parse_cpuid_dump(*text);
    if (!cpuid(0, 0)) continue;
    if (!first) first = cpuid;
    places.emplace_back(static_cast<int>(*number), place_of(cpuid));
  }
  if (places.empty()) return;
  seen.topology = topology_of(places);
  seen.topology.route = "/cpuid";
  seen.cpuinfo.vendor_id = cpuid_vendor(first);
  seen.processor.vendor = vendor_name(seen.cpuinfo.vendor_id);
  seen.processor.name = cpuid_brand(first);
  seen.processor.architecture = "x86_64";
  // XCR0 is not among the leaves, so this is what the processor has.
  seen.processor.features = x86_features_from_cpuid(first, [](VectorState) { return true; });
}

}  // namespace hardscape
