// A data file of this part, parsed and read once. The files are embedded in the library and checked by the tests.
#pragma once

#include <string_view>

#include "base/json_reading.hpp"
#include "hardscape/cost.hpp"

namespace hardscape::cost {

// `name` relative to data/ ("cost/places.json"); an empty object when the build lacks it.
JsonDocument data_file(std::string_view name);
// The same as values, for what is not read by fields.
Json data_values(std::string_view name);

// {key, low, mid, high, source} or {key, value, source}.
Input read_input(const JsonReader& reader);

}  // namespace hardscape::cost
