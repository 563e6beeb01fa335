// The data files of this part, parsed. They are embedded in the library and checked by the tests.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace hardscape::predict {

// `name` relative to data/ ("backends/engines.json"); an empty object when the build lacks it.
nlohmann::json data_file(std::string_view name);

}  // namespace hardscape::predict
