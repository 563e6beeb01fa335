#include "fit/data_file.hpp"

#include "base/embedded.hpp"

namespace hardscape::fit_data {

nlohmann::json file(std::string_view name) {
  auto json = nlohmann::json::parse(embedded_text(name), nullptr, false);
  return json.is_discarded() ? nlohmann::json() : json;
}

}  // namespace hardscape::fit_data
