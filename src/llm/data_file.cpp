#include "llm/data_file.hpp"

#include <nlohmann/json.hpp>

#include "base/embedded.hpp"

namespace hardscape::llm {

nlohmann::json embedded_json(std::string_view name) {
  for (std::size_t i = 0; i < k_data_files_count; ++i) {
    if (k_data_files[i].name == name) return nlohmann::json::parse(k_data_files[i].text(), nullptr, false);
  }
  return {};
}

}  // namespace hardscape::llm
