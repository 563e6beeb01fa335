// Tables of numbers and names that detection looks up (data/detection/). Our own files; the tests check their form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_reading.hpp"

namespace hardscape {

std::vector<JsonValue> rows_of(const JsonValue& value, std::string_view key);
std::string text_of(const JsonValue& row, std::string_view key);
// Of "0x10de"; nothing for other texts.
std::optional<std::uint64_t> hex_of(std::string_view text);
std::optional<std::uint64_t> id_of(const JsonValue& row, std::string_view key);

}  // namespace hardscape
