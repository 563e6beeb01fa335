#include "fit/data_file.hpp"

#include "base/embedded.hpp"
#include "base/json_reading.hpp"

namespace hardscape::fit_data {

nlohmann::json file(std::string_view name) {
  auto json = parse_json(embedded_text(name), name);
  return json ? *std::move(json) : Json();
}

}  // namespace hardscape::fit_data
