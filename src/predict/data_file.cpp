#include "predict/data_file.hpp"

#include <nlohmann/json.hpp>

#include "base/embedded.hpp"

namespace hardscape::predict {

nlohmann::json data_file(std::string_view name) {
  for (std::size_t i = 0; i < k_data_files_count; ++i) {
    if (name != k_data_files[i].name) continue;
    auto json = nlohmann::json::parse(k_data_files[i].text(), nullptr, false);
    if (!json.is_discarded()) return json;
  }
  return nlohmann::json::object();
}

}  // namespace hardscape::predict
