#include "select/data_file.hpp"

#include <nlohmann/json.hpp>

#include "base/embedded.hpp"
#include "base/json_reading.hpp"

namespace hardscape::select {

nlohmann::ordered_json data_file(std::string_view name) {
  auto json = parse_ordered_json(embedded_text(name), name);
  return json ? *std::move(json) : OrderedJson::object();
}

}  // namespace hardscape::select
