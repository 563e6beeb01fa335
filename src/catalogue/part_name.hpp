// The parts of a machine's name: "4x h100-sxm + epyc-9654", "apple-m4-max-40:64GB".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/result.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

struct PartName {
  int count = 1;
  std::string name;
  std::optional<Bytes> memory;  // the option asked for with ":64GB" or "@64GB"

  friend bool operator==(const PartName&, const PartName&) = default;
};

// Errors: an empty part, a count outside 1 to 1024, a memory size that is not one.
Result<std::vector<PartName>> parse_parts(std::string_view text);

}  // namespace hardscape
