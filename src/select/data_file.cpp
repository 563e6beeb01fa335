#include "select/data_file.hpp"

#include <nlohmann/json.hpp>

#include "base/embedded.hpp"

namespace hardscape::select {

nlohmann::ordered_json data_file(std::string_view name) {
  auto json = nlohmann::ordered_json::parse(embedded_text(name), nullptr, false);
  return json.is_discarded() ? nlohmann::ordered_json::object() : json;
}

}  // namespace hardscape::select
