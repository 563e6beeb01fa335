#include "fit/data_file.hpp"

#include "base/embedded.hpp"

namespace hardscape::fit_data {

nlohmann::json file(std::string_view name) {
  for (std::size_t i = 0; i < k_data_files_count; ++i)
    if (name == k_data_files[i].name) {
      auto json = nlohmann::json::parse(k_data_files[i].text(), nullptr, false);
      return json.is_discarded() ? nlohmann::json() : json;
    }
  return nlohmann::json();
}

}  // namespace hardscape::fit_data
