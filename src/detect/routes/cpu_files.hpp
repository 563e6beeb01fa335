// Names and readings of the files that describe one logical processor.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "detect/cpu_set.hpp"
#include "hardscape/host.hpp"

namespace hardscape {

inline constexpr const char* k_cpu_root = "/sys/devices/system/cpu";
inline constexpr const char* k_node_root = "/sys/devices/system/node";
// A list or mask of CpuSet::k_limit processors is far shorter.
inline constexpr std::size_t k_list_limit = 65536;

// "/sys/devices/system/cpu/cpu7/topology/core_cpus".
std::string cpu_file(int cpu, std::string_view name);

// A mask file, or its "_list" twin when the mask is missing. The mask comes first: where the two disagree,
// the list is stale.
std::optional<CpuSet> read_cpu_set(const FileTree& files, const std::string& path);

}  // namespace hardscape
