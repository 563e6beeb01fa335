#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "detect/arm_cores.hpp"
#include "detect/routes/cpu_files.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

// Performance-monitoring units of hybrid Intel processors, one per kind of core.
struct KindOfUnit {
  const char* unit;
  const char* name;
};
constexpr KindOfUnit k_units[] = {
    {"cpu_core", "performance"},
    {"cpu_atom", "efficiency"},
    {"cpu_lowpower", "low-power"},
};

std::vector<CoreKindSighting> by_units(const FileTree& files, const TopologySighting& topology) {
  std::vector<CoreKindSighting> kinds;
  for (const KindOfUnit& row : k_units) {
    const auto text = files.read(std::string("/sys/devices/") + row.unit + "/cpus", k_list_limit);
    const auto cpus = text ? parse_cpu_list(*text) : std::nullopt;
    if (cpus && cpus->intersects(topology.online)) kinds.push_back({row.name, *cpus & topology.online});
  }
  if (kinds.size() < 2) kinds.clear();
  return kinds;
}

// Hybrid processors whose units are not listed (recordings, guests): the big cores have the larger L1 data cache, and
// differ from the small ones in the second level too. A lone odd size is a firmware's slip, not a kind.
std::vector<CoreKindSighting> by_first_level(const TopologySighting& topology) {
  std::map<std::int64_t, CpuSet, std::greater<>> by_size;
  std::map<std::int64_t, CpuSet> second;
  for (const CacheSighting& cache : topology.caches) {
    if (!cache.size) continue;
    if (cache.level == 1 && cache.type == "data") by_size[cache.size->value] |= cache.shared;
    if (cache.level == 2) second[cache.size->value] |= cache.shared;
  }
  if (by_size.size() != 2 || second.size() != 2) return {};
  const CpuSet& big = by_size.begin()->second;
  const CpuSet& small = std::next(by_size.begin())->second;
  const bool agrees = second.begin()->second == big || second.begin()->second == small;
  if (!agrees || (big | small) != topology.online) return {};
  return {{"performance", big}, {"efficiency", small}};
}

// Some kernels list the low-power island's cores with the other efficiency cores; they are the ones that the
// last-level cache does not serve.
void split_low_power(const TopologySighting& topology, std::vector<CoreKindSighting>& kinds) {
  if (kinds.size() != 2) return;
  CpuSet served;
  for (const CacheSighting& cache : topology.caches) {
    if (cache.level == 3) served |= cache.shared;
  }
  CoreKindSighting& efficiency = kinds[1];
  const CpuSet unserved = efficiency.cpus - served;
  if (!efficiency.cpus.intersects(served) || unserved.empty()) return;
  efficiency.cpus = efficiency.cpus - unserved;
  kinds.push_back({"low-power", unserved});
}

// Implementer and part of every processor that can be told, from /proc/cpuinfo, else from the register files.
std::map<std::pair<int, int>, CpuSet> arm_designs(const FileTree& files, const Sightings& seen) {
  std::map<std::pair<int, int>, CpuSet> designs;
  CpuSet known;
  for (const CpuinfoProcessor& processor : seen.cpuinfo.processors) {
    if (!processor.implementer || !processor.part || !seen.topology.online.contains(processor.number)) continue;
    designs[{*processor.implementer, *processor.part}].add(processor.number);
    known.add(processor.number);
  }
  // Old 32-bit kernels write one processor's numbers at the end of the text: they say nothing about the others.
  if (known.count() == 1 && seen.cpuinfo.processors.size() > 1) {
    designs.clear();
    known = {};
  }
  (seen.topology.online - known).for_each([&](int cpu) {
    const auto text = files.read_line(cpu_file(cpu, "regs/identification/midr_el1"));
    if (const auto midr = text ? parse_midr(*text) : std::nullopt) designs[{midr->implementer, midr->part}].add(cpu);
  });
  return designs;
}

// Kinds by a number that a file gives for each core, largest first; numbers within `tolerance` are one kind.
std::vector<CpuSet> by_number(const FileTree& files, const TopologySighting& topology, const char* file, double tolerance) {
  std::vector<std::pair<double, CpuSet>> cores;
  for (const CpuSet& core : topology.cores) {
    const auto value = files.read_number(cpu_file(core.first(), file));
    if (!value || *value <= 0) return {};
    cores.emplace_back(static_cast<double>(*value), core);
  }
  std::stable_sort(cores.begin(), cores.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<CpuSet> kinds;
  double top = 0;
  for (const auto& [value, core] : cores) {
    if (kinds.empty() || value < top * (1 - tolerance)) {
      kinds.push_back({});
      top = value;
    }
    kinds.back() |= core;
  }
  if (kinds.size() < 2) kinds.clear();
  return kinds;
}

std::vector<CoreKindSighting> named(std::vector<CpuSet> sets) {
  std::vector<CoreKindSighting> kinds;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const char* name = i == 0 ? "performance" : i + 1 == sets.size() ? "efficiency" : "middle";
    kinds.push_back({name, std::move(sets[i])});
  }
  return kinds;
}

// By the scheduler's capacity, else by the highest clock, of one core of each.
void sort_fastest_first(const FileTree& files, std::vector<CoreKindSighting>& kinds) {
  if (kinds.size() < 2) return;
  std::vector<std::pair<std::int64_t, CoreKindSighting>> ranked;
  for (CoreKindSighting& kind : kinds) {
    auto rank = files.read_number(cpu_file(kind.cpus.first(), "cpu_capacity"));
    if (!rank) rank = files.read_number(cpu_file(kind.cpus.first(), "cpufreq/cpuinfo_max_freq"));
    ranked.emplace_back(rank.value_or(0), std::move(kind));
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; i < kinds.size(); ++i) kinds[i] = std::move(ranked[i].second);
}

bool starts_with_any(const std::string& text, std::initializer_list<const char*> starts) {
  return std::any_of(starts.begin(), starts.end(), [&](const char* start) { return text.starts_with(start); });
}

void find_kinds(const Host& host, Sightings& seen) {
  TopologySighting& topology = seen.topology;
  const std::string architecture = seen.processor.architecture.value_or("");

  topology.kinds = by_units(host.files, topology);
  if (topology.kinds.empty() && seen.processor.vendor == "Intel") topology.kinds = by_first_level(topology);
  split_low_power(topology, topology.kinds);
  if (!topology.kinds.empty()) return;

  if (starts_with_any(architecture, {"arm", "aarch64"})) {
    const auto designs = arm_designs(host.files, seen);
    for (const auto& [id, cpus] : designs) topology.kinds.push_back({arm_core(id.first, id.second).name, cpus});
    sort_fastest_first(host.files, topology.kinds);
    if (!designs.empty() && !seen.processor.vendor) seen.processor.vendor = arm_core(designs.begin()->first.first, 0).vendor;
    if (topology.kinds.empty()) topology.kinds = named(by_number(host.files, topology, "cpu_capacity", 0.1));
    if (topology.kinds.empty()) topology.kinds = named(by_number(host.files, topology, "cpufreq/cpuinfo_max_freq", 0.1));
    // Nothing tells the cores apart: the one design that was named is that of all.
    const auto last = std::find_if(seen.cpuinfo.processors.rbegin(), seen.cpuinfo.processors.rend(),
                                   [](const CpuinfoProcessor& p) { return p.implementer && p.part; });
    if (topology.kinds.empty() && last != seen.cpuinfo.processors.rend())
      topology.kinds.push_back({arm_core(*last->implementer, *last->part).name, topology.online});
    return;
  }
  // AMD's compact cores run at little more than half the clock of the others and have no unit of their own. Cores
  // of one kind differ by a few per cent only (preferred cores), so only a wide gap means two kinds.
  constexpr std::size_t k_most_cores_of_a_hybrid = 32;
  if (architecture.starts_with("x86") && seen.processor.vendor == "AMD" && topology.cores.size() <= k_most_cores_of_a_hybrid &&
      host.files.exists(cpu_file(topology.online.first(), "cpufreq/cpuinfo_max_freq"))) {
    auto sets = by_number(host.files, topology, "cpufreq/cpuinfo_max_freq", 0.25);
    if (sets.size() == 2) topology.kinds = named(std::move(sets));
  }
}

}  // namespace

void observe_core_kinds(const Host& host, const DetectOptions&, Sightings& seen) {
  TopologySighting& topology = seen.topology;
  if (topology.online.empty() || !topology.kinds.empty()) return;
  find_kinds(host, seen);
  const int fastest = topology.kinds.empty() ? topology.online.first() : topology.kinds.front().cpus.first();
  const std::string file = cpu_file(fastest, "cpufreq/cpuinfo_max_freq");
  if (const auto khz = host.files.read_number(file); khz && *khz > 0)
    learn(seen.processor.max_frequency, {Hertz{static_cast<double>(*khz) * 1e3}, {Origin::reported, file, "", Confidence::unstated}});
}

}  // namespace hardscape
