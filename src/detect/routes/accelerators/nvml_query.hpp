// Asks NVML everything at once. Runs inside the child process: the library may hang or crash.
#pragma once

#include <string>
#include <vector>

#include "hardscape/host.hpp"

namespace hardscape {

// The text that parse_nvml_report reads. `only` names the PCI addresses to ask when the others must be left asleep;
// empty asks all.
std::string query_nvml(const LibraryLoader& libraries, const std::vector<std::string>& names,
                       const std::vector<std::string>& only);

}  // namespace hardscape
