// Records of this part in data/.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace hardscape::llm {

// Null when the build embedded no such file.
nlohmann::json embedded_json(std::string_view name);

}  // namespace hardscape::llm
