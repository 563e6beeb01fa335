// On which processors measuring threads run.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "hardscape/host.hpp"

namespace hardscape::measuring {

// "0-3,8" as the kernel writes it; empty for anything else. At most 8192 processors.
std::vector<int> parse_cpu_list(std::string_view text);

struct CoreChoice {
  std::vector<int> cpus;                  // one on each core that this process may use, in the kernel's order
  std::vector<std::vector<int>> nodes;    // the same by NUMA node; one entry when there is one node or nobody knows
  int logical = 0;                        // processors that this process may use, hardware threads counted
};

// `allowed`: processors of this process. `most`: at most so many cores, spread over the nodes.
CoreChoice choose_cores(const FileTree& files, const std::vector<int>& allowed, std::optional<int> most);
// Of this process; processor 0 where the system does not say.
std::vector<int> allowed_cpus();

}  // namespace hardscape::measuring
