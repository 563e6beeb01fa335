#include "cost/data_file.hpp"

#include "base/embedded.hpp"
#include "facts/json_writing.hpp"

namespace hardscape::cost {

JsonDocument data_file(std::string_view name) { return JsonDocument::embedded(name); }

Json data_values(std::string_view name) {
  auto json = parse_json(embedded_text(name), name);
  return json ? *std::move(json) : Json::object();
}

Input read_input(const JsonReader& reader) {
  Source source;
  if (const auto where = reader.object("source")) source = source_from(*where);
  const std::string key = reader.need_text("key");
  if (const auto value = reader.number("value")) return fixed_input(key, *value, std::move(source));
  return range_input(key, reader.need_number("low"), reader.need_number("mid"), reader.need_number("high"),
                     std::move(source));
}

}  // namespace hardscape::cost
