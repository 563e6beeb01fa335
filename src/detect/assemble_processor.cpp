#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "detect/assemble.hpp"

namespace hardscape {
namespace {

int count_touching(const std::vector<CpuSet>& sets, const CpuSet& allowed) {
  return static_cast<int>(
      std::count_if(sets.begin(), sets.end(), [&](const CpuSet& set) { return set.intersects(allowed); }));
}

std::vector<Cache> assemble_caches(const TopologySighting& topology, const CpuSet& allowed) {
  std::map<std::tuple<int, std::string, std::int64_t>, std::vector<const CpuSet*>> instances;
  for (const CacheSighting& cache : topology.caches) {
    if (!cache.shared.intersects(allowed)) continue;
    auto& known = instances[{cache.level, cache.type, cache.size ? -cache.size->value : 1}];  // larger ones first
    const bool seen = std::any_of(known.begin(), known.end(), [&](const CpuSet* set) { return *set == cache.shared; });
    if (!seen) known.push_back(&cache.shared);
  }
  std::vector<Cache> caches;
  for (const auto& [key, sets] : instances) {
    const auto& [level, type, size] = key;
    caches.push_back({level, type, size <= 0 ? std::optional(Bytes{-size}) : std::nullopt, static_cast<int>(sets.size())});
  }
  return caches;
}

// A socket counts when this process may use its processors or its memory.
int count_sockets(const Sightings& seen, CpuSet allowed) {
  if (seen.allowed.nodes) {
    for (const NumaNodeSighting& node : seen.topology.nodes) {
      if (seen.allowed.nodes->contains(node.id)) allowed |= node.cpus;
    }
  }
  return count_touching(seen.topology.packages, allowed);
}

int count_nodes(const Sightings& seen) {
  int nodes = 0;
  for (const NumaNodeSighting& node : seen.topology.nodes) {
    const bool of_device = std::any_of(seen.device_nodes.begin(), seen.device_nodes.end(),
                                       [&](const DeviceNodeSighting& device) { return device.node == node.id; });
    const bool empty = node.memory && node.memory->value == 0;
    const bool forbidden = seen.allowed.nodes && seen.topology.nodes.size() > 1 && !seen.allowed.nodes->contains(node.id);
    if (!of_device && !empty && !forbidden) ++nodes;
  }
  return std::max(nodes, 1);
}

std::vector<CoreKind> assemble_kinds(const TopologySighting& topology, const CpuSet& allowed) {
  std::vector<CoreKind> kinds;
  for (const CoreKindSighting& kind : topology.kinds) {
    const CpuSet cpus = kind.cpus & allowed;
    if (!cpus.empty()) kinds.push_back({kind.name, count_touching(topology.cores, cpus), cpus.count()});
  }
  if (kinds.size() < 2) kinds.clear();
  return kinds;
}

// Where nobody named the processor, the designs of its cores do.
std::string name_of(const Sightings& seen) {
  if (seen.processor.name && !seen.processor.name->empty()) return *seen.processor.name;
  std::string name;
  for (const CoreKindSighting& kind : seen.topology.kinds) {
    if (!name.empty()) name += " + ";
    if (seen.topology.kinds.size() > 1) name += fmt::format("{}x ", count_touching(seen.topology.cores, kind.cpus));
    name += kind.name;
  }
  if (name.empty()) name = seen.cpuinfo.hardware;
  if (name.empty() && seen.processor.architecture) name = "unnamed " + *seen.processor.architecture + " processor";
  return name.empty() ? "unnamed processor" : name;
}

}  // namespace

Processor assemble_processor(const Sightings& seen, std::vector<Note>& notes) {
  const TopologySighting& topology = seen.topology;
  CpuSet allowed = topology.online;
  if (seen.allowed.cpus && seen.allowed.cpus->intersects(allowed)) allowed = allowed & *seen.allowed.cpus;

  Processor processor;
  processor.name = name_of(seen);
  processor.vendor = seen.processor.vendor.value_or("");
  processor.architecture = seen.processor.architecture.value_or("");
  processor.threads = allowed.count();
  processor.cores = count_touching(topology.cores, allowed);
  processor.sockets = count_sockets(seen, allowed);
  processor.numa_nodes = processor.threads > 0 ? count_nodes(seen) : 0;
  processor.caches = assemble_caches(topology, allowed);
  processor.kinds = assemble_kinds(topology, allowed);
  processor.features = seen.processor.features;
  processor.max_frequency = seen.processor.max_frequency;

  if (allowed != topology.online) {
    notes.push_back({Severity::info, "processors-not-allowed",
                     fmt::format("This process may use {} of the {} online logical processors ({} of {} cores).",
                                 allowed.count(), topology.online.count(), processor.cores, topology.cores.size()),
                     "The limit comes from a cpuset or an affinity mask (container, job scheduler, taskset)."});
  }
  if (seen.allowed.cpu_quota && *seen.allowed.cpu_quota < processor.threads) {
    notes.push_back({Severity::warning, "processor-quota",
                     fmt::format("A control group gives this process the time of {:g} of {} logical processors.",
                                 *seen.allowed.cpu_quota, processor.threads),
                     fmt::format("Run with {} threads, or raise the container's CPU limit.",
                                 std::max(1, static_cast<int>(*seen.allowed.cpu_quota)))});
  }
  if (topology.route == "/proc/cpuinfo") {
    notes.push_back({Severity::warning, "topology-from-cpuinfo",
                     "There is no /sys; sockets and cores come from /proc/cpuinfo, which guests and containers often get wrong.",
                     std::nullopt});
  }
  return processor;
}

}  // namespace hardscape
