// What people, shops and tools write around the name of a device: memory size, core counts, board makers, computers,
// the brackets of lspci.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/units.hpp"

namespace hardscape {

struct WrittenName {
  std::string text;                   // without what the members below say and without words that say nothing
  std::optional<Bytes> memory;        // "24GB", "24 GB", "24G": binary, as chips are
  std::optional<int> gpu_cores;       // of Apple chips: "40-core GPU"
};

WrittenName read_written_name(std::string_view name);

// The products in the last brackets of an lspci line: "Navi 31 [Radeon RX 7900 XT/7900 XTX]" has two. Nothing without
// brackets.
std::vector<std::string> bracketed_names(std::string_view name);

// Without " (rev a1)", " Rev 1.1", " @ 2.00GHz" and marks such as "(R)" and "(TM)".
std::string without_marks(std::string_view name);

}  // namespace hardscape
