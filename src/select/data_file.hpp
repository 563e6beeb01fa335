// A data file of this part, parsed. The files are embedded in the library and checked by the tests.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace hardscape::select {

// `name` relative to data/ ("select/guide_policy.json"); an empty object when the build lacks it.
nlohmann::ordered_json data_file(std::string_view name);

}  // namespace hardscape::select
