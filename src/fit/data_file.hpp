// A data file of this part, parsed. The files are embedded in the library and checked by the tests.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace hardscape::fit_data {

// `name` relative to data/ ("fit/policy.json"); null when the build lacks it.
nlohmann::json file(std::string_view name);

}  // namespace hardscape::fit_data
