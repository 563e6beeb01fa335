#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/parse/cgroup.hpp"
#include "detect/routes/cpu_files.hpp"
#include "detect/routes/routes_of_system.hpp"
#include "hardscape/processor_quota.hpp"

namespace hardscape {
namespace {

struct Texts {
  std::string groups;
  std::string cpuset;
  std::string mounts;
};

std::optional<CpuSet> narrower(const std::optional<CpuSet>& known, const std::optional<CpuSet>& news) {
  if (!news || news->empty()) return known;
  return known ? *known & *news : news;
}

// "Cpus_allowed:" and "Mems_allowed:" are the affinity mask and the cpuset together, as the scheduler has them.
void read_status(const FileTree& files, AllowedSighting& allowed) {
  const auto status = files.read("/proc/self/status", 65536);
  if (!status) return;
  for (const std::string_view line : split_lines(*status)) {
    if (line.starts_with("Cpus_allowed:")) allowed.cpus = narrower(allowed.cpus, parse_cpu_mask(line.substr(13)));
    if (line.starts_with("Mems_allowed:")) allowed.nodes = narrower(allowed.nodes, parse_cpu_mask(line.substr(13)));
  }
}

// The innermost group that says anything; its set is within those of its ancestors.
std::optional<CpuSet> group_set(const FileTree& files, const std::vector<CgroupFolders>& hierarchies, const char* what) {
  for (const CgroupFolders& hierarchy : hierarchies) {
    for (const std::string& folder : hierarchy.folders) {
      const std::string base = folder + '/';
      // Version 2, version 1, and the cpuset file system of old.
      for (const std::string& name : {base + "cpuset." + what + ".effective", base + "cpuset." + what, base + what,
                                      base + "cpuset.effective_" + what}) {
        const auto text = files.read(name, k_list_limit);
        if (!text) continue;
        if (auto set = parse_cpu_list(*text); set && !set->empty()) return set;
      }
    }
  }
  return std::nullopt;
}

void take_memory_limit(AllowedSighting& allowed, Bytes limit, const std::string& where, std::optional<Bytes> used) {
  if (allowed.memory_limit && *allowed.memory_limit <= limit) return;
  allowed.memory_limit = limit;
  allowed.memory_limit_path = where;
  allowed.memory_limit_used = used;
}

// Memory of the group that cannot be dropped: file pages that nobody looked at lately can.
std::optional<Bytes> used_by_group(const FileTree& files, const std::string& folder, int version) {
  const auto usage = files.read_number(folder + (version == 2 ? "/memory.current" : "/memory.usage_in_bytes"));
  if (!usage || *usage < 0) return std::nullopt;
  const auto stat = files.read(folder + "/memory.stat", 65536);
  const char* key = version == 2 ? "inactive_file" : "total_inactive_file";
  const Bytes droppable = stat ? parse_memory_stat(*stat, key).value_or(Bytes{0}) : Bytes{0};
  return Bytes{std::max<std::int64_t>(0, *usage - droppable.value)};
}

void read_memory_limits(const FileTree& files, const Texts& texts, AllowedSighting& allowed) {
  for (const auto& hierarchy : cgroup_folders(CgroupController::memory, texts.groups, texts.cpuset, texts.mounts)) {
    const bool second = hierarchy.version == 2;
    for (const std::string& folder : hierarchy.folders) {
      for (const char* name : {second ? "/memory.max" : "/memory.limit_in_bytes", second ? "/memory.high" : ""}) {
        if (*name == '\0') continue;
        const auto text = files.read(folder + name, 64);
        if (!text) continue;
        if (const auto limit = parse_memory_limit(*text))
          take_memory_limit(allowed, *limit, folder + name, used_by_group(files, folder, hierarchy.version));
      }
    }
  }
}

void read_cpu_quota(const FileTree& files, const Texts& texts, AllowedSighting& allowed) {
  for (const auto& hierarchy : cgroup_folders(CgroupController::cpu, texts.groups, texts.cpuset, texts.mounts)) {
    for (const std::string& folder : hierarchy.folders) {
      std::optional<double> quota;
      if (hierarchy.version == 2) {
        if (const auto text = files.read(folder + "/cpu.max", 64)) quota = parse_cpu_max(*text);
      } else if (const auto share = files.read_line(folder + "/cpu.cfs_quota_us")) {
        quota = parse_cpu_max(*share + ' ' + files.read_line(folder + "/cpu.cfs_period_us").value_or(""));
      }
      if (quota && (!allowed.cpu_quota || *quota < *allowed.cpu_quota)) allowed.cpu_quota = quota;
    }
  }
}

}  // namespace

std::optional<double> processor_quota(const Host& host) {
  Sightings seen;
  observe_limits(host, {}, seen);
  return seen.allowed.cpu_quota;
}

void observe_limits(const Host& host, const DetectOptions&, Sightings& seen) {
  const FileTree& files = host.files;
  AllowedSighting& allowed = seen.allowed;
  Texts texts;
  texts.groups = files.read("/proc/self/cgroup", 65536).value_or("");
  texts.cpuset = files.read("/proc/self/cpuset", 4096).value_or("");
  texts.mounts = files.read("/proc/self/mountinfo").value_or("");
  if (texts.mounts.empty()) texts.mounts = files.read("/proc/mounts").value_or("");

  read_status(files, allowed);
  const auto sets = cgroup_folders(CgroupController::cpuset, texts.groups, texts.cpuset, texts.mounts);
  // The mask above already has these; a recording may lack it.
  if (!allowed.cpus) allowed.cpus = group_set(files, sets, "cpus");
  if (!allowed.nodes) allowed.nodes = group_set(files, sets, "mems");
  read_memory_limits(files, texts, allowed);
  read_cpu_quota(files, texts, allowed);

  if (const auto limits = files.read("/proc/self/limits", 16384)) {
    for (const char* name : {"Max address space", "Max data size"}) {
      if (const auto limit = parse_resource_limit(*limits, name))
        take_memory_limit(allowed, *limit, std::string("/proc/self/limits: ") + name, std::nullopt);
    }
  }
}

}  // namespace hardscape
