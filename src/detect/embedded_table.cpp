#include "detect/embedded_table.hpp"

#include "base/text.hpp"

namespace hardscape {

std::vector<JsonValue> rows_of(const JsonValue& value, std::string_view key) {
  const auto rows = value.find(key);
  return rows ? rows->elements() : std::vector<JsonValue>();
}

std::string text_of(const JsonValue& row, std::string_view key) {
  const auto value = row.find(key);
  return std::string(value ? value->text() : std::string_view());
}

std::optional<std::uint64_t> hex_of(std::string_view text) {
  return text.starts_with("0x") ? parse_unsigned(text.substr(2), 16) : std::nullopt;
}

std::optional<std::uint64_t> id_of(const JsonValue& row, std::string_view key) {
  const auto value = row.find(key);
  return value ? hex_of(value->text()) : std::nullopt;
}

}  // namespace hardscape
