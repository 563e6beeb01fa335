// Control groups: where this process is in them and what limits their files state.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/units.hpp"

namespace hardscape {

// A folder that holds the files of one controller, from the process's own group up to the outermost one that
// can be seen. Paths are of the machine's file system.
struct CgroupFolders {
  int version = 2;
  std::vector<std::string> folders;
};

enum class CgroupController { memory, cpuset, cpu };

// From the texts of /proc/self/cgroup (may be empty), /proc/self/cpuset (may be empty) and a mount table
// (/proc/self/mountinfo or /proc/mounts; may be empty: then /sys/fs/cgroup is assumed). Version 1 hierarchies of
// the controller come before the unified one, as the kernel gives them the controller. At most 64 ancestors.
std::vector<CgroupFolders> cgroup_folders(CgroupController controller, std::string_view self_cgroup,
                                          std::string_view self_cpuset, std::string_view mounts);

// A limit in bytes; nothing for "max", for version 1's huge "unlimited", for 0 and for what is no number.
std::optional<Bytes> parse_memory_limit(std::string_view text);

// Processors' worth of time: "200000 100000" of cpu.max is 2; nothing for "max ..." and nonsense.
std::optional<double> parse_cpu_max(std::string_view text);

// The soft limit of one line of /proc/self/limits ("Max address space"); nothing when unlimited or absent.
std::optional<Bytes> parse_resource_limit(std::string_view limits, std::string_view name);

// One number of memory.stat ("inactive_file 123").
std::optional<Bytes> parse_memory_stat(std::string_view text, std::string_view key);

}  // namespace hardscape
