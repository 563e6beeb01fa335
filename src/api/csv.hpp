// Comma-separated values after RFC 4180: quoted fields may hold commas, quotes ("") and line ends.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hardscape/result.hpp"

namespace hardscape {

using CsvRow = std::vector<std::string>;

// Every row has as many fields as the first; blank lines are skipped. Errors name `place` and the line.
Result<std::vector<CsvRow>> parse_csv(std::string_view text, std::string_view place);
std::string csv_line(const CsvRow& row);

}  // namespace hardscape
