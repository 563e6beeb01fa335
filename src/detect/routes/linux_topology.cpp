#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/routes/cpu_files.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

// Numbers of the folders cpu0, cpu1, ...
CpuSet cpu_folders(const FileTree& files) {
  CpuSet found;
  for (const std::string& name : files.list(k_cpu_root)) {
    if (!name.starts_with("cpu")) continue;
    if (const auto number = parse_unsigned(std::string_view(name).substr(3)); number && *number < CpuSet::k_limit)
      found.add(static_cast<int>(*number));
  }
  return found;
}

// Without the list: the text names online processors only, else each folder may say.
CpuSet online_without_list(const FileTree& files, const CpuSet& folders, const Cpuinfo& info) {
  CpuSet online = topology_of(info).online & folders;
  if (online.count() > 1) return online;
  online = {};
  folders.for_each([&](int cpu) {
    // cpu0 often has no such file: it cannot be switched off.
    if (files.read_number(cpu_file(cpu, "online")).value_or(1) != 0) online.add(cpu);
  });
  return online;
}

// Sets that cover `online`, one per group of processors that share what `mask_names` speak of.
std::vector<CpuSet> groups(const FileTree& files, const CpuSet& online, const char* newer, const char* older) {
  std::vector<CpuSet> found;
  CpuSet covered;
  // One kernel has one set of names.
  const bool is_new = read_cpu_set(files, cpu_file(online.first(), newer)).has_value();
  online.for_each([&](int cpu) {
    if (covered.contains(cpu)) return;
    const auto mask = read_cpu_set(files, cpu_file(cpu, is_new ? newer : older));
    CpuSet group = mask ? (*mask & online) - covered : CpuSet{};
    group.add(cpu);
    covered |= group;
    found.push_back(std::move(group));
  });
  return found;
}

// Old kernels give each NUMA node's part of a package as core_siblings; where the ids say that fewer packages
// there are, the ids are right.
void merge_by_package_id(const FileTree& files, std::vector<CpuSet>& packages) {
  std::vector<std::pair<std::int64_t, CpuSet>> by_id;
  for (CpuSet& package : packages) {
    const auto id = files.read_number(cpu_file(package.first(), "topology/physical_package_id"));
    const auto known = std::find_if(by_id.begin(), by_id.end(), [&](const auto& entry) { return id && entry.first == *id; });
    if (id && *id >= 0 && known != by_id.end()) {
      known->second |= package;
    } else {
      by_id.emplace_back(id.value_or(-1), std::move(package));
    }
  }
  packages.clear();
  for (auto& entry : by_id) packages.push_back(std::move(entry.second));
}

bool is_arm(const Sightings& seen) {
  const auto& architecture = seen.processor.architecture;
  return architecture && (architecture->starts_with("arm") || *architecture == "aarch64");
}

}  // namespace

void observe_cpu_topology(const Host& host, const DetectOptions&, Sightings& seen) {
  const FileTree& files = host.files;
  TopologySighting& topology = seen.topology;
  const CpuSet folders = cpu_folders(files);
  if (folders.empty()) {
    const CpuinfoTopology text = topology_of(seen.cpuinfo);
    if (text.online.empty()) return;
    topology.route = "/proc/cpuinfo";
    topology.present = topology.online = text.online;
    topology.cores = text.cores;
    topology.packages = text.packages;
    if (is_arm(seen)) topology.packages = {text.online};
    return;
  }
  topology.route = k_cpu_root;
  const auto named = [&](const char* name) {
    const auto text = files.read(std::string(k_cpu_root) + '/' + name, k_list_limit);
    return text ? parse_cpu_list(*text) : std::nullopt;
  };
  topology.present = folders;
  if (const auto present = named("present"); present && !(*present & folders).empty()) topology.present = *present & folders;
  const auto online = named("online");
  topology.online = online ? *online & folders : CpuSet{};
  if (topology.online.empty()) topology.online = online_without_list(files, folders, seen.cpuinfo);
  if (topology.online.empty()) topology.online = topology.present;

  topology.cores = groups(files, topology.online, "topology/core_cpus", "topology/thread_siblings");
  topology.packages = groups(files, topology.online, "topology/package_cpus", "topology/core_siblings");
  merge_by_package_id(files, topology.packages);

  // Boards and phones call each cluster a package; there is one chip.
  const bool is_board = !seen.device_tree_compatible.empty() || seen.os.name == "Android" ||
                        files.link_target(cpu_file(topology.online.first(), "of_node")).has_value();
  if (is_board && is_arm(seen)) topology.packages = {topology.online};
  if (seen.os.name == "Android") topology.packages = {topology.online};

  // Phones switch idle cores off and on again under load; "present" may not even list them then.
  constexpr int k_most_cores_of_a_phone = 32;
  if (seen.os.name == "Android") {
    const auto possible = named("possible");
    if (possible && possible->count() <= k_most_cores_of_a_phone) topology.present |= *possible;
  }
  const CpuSet parked = topology.present - topology.online;
  if (seen.os.name == "Android" && !parked.empty()) {
    seen.note(Severity::info, "cores-parked",
              fmt::format("{} of {} cores were switched off to save power while looking; they are counted.",
                          parked.count(), topology.present.count()));
    parked.for_each([&](int cpu) { topology.cores.push_back(CpuSet::of({cpu})); });
    topology.online = topology.present;
    topology.packages = {topology.online};
  } else if (!parked.empty()) {
    seen.note(Severity::info, "processors-offline",
              fmt::format("{} of {} logical processors are offline ({}).", parked.count(), topology.present.count(),
                          to_list(parked)),
              "echo 1 > /sys/devices/system/cpu/cpuN/online (as root) brings one back.");
  }
}

}  // namespace hardscape
