#include "cost/data_file.hpp"

#include "base/embedded.hpp"
#include "facts/json_writing.hpp"

namespace hardscape::cost {

namespace {

std::string_view embedded_text(std::string_view name) {
  for (std::size_t i = 0; i < k_data_files_count; ++i)
    if (name == k_data_files[i].name) return k_data_files[i].text();
  return "{}";
}

}  // namespace

JsonDocument data_file(std::string_view name) {
  auto document = JsonDocument::parse(embedded_text(name), name);
  return document ? *std::move(document) : *JsonDocument::parse("{}", name);
}

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
