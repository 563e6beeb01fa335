#include "detect/parse/key_values.hpp"

#include "base/text.hpp"

namespace hardscape {

std::map<std::string, std::string, std::less<>> parse_key_values(std::string_view text, std::string_view prefix) {
  constexpr std::size_t k_most = 4096;
  std::map<std::string, std::string, std::less<>> values;
  for (std::string_view line : split_lines(text)) {
    line = trim(line);
    if (!line.starts_with(prefix)) continue;
    line.remove_prefix(prefix.size());
    const std::size_t equals = line.find('=');
    if (line.starts_with('#') || equals == std::string_view::npos || equals == 0) continue;
    std::string_view value = line.substr(equals + 1);
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
      value = value.substr(1, value.size() - 2);
    if (values.size() < k_most) values.insert_or_assign(std::string(line.substr(0, equals)), std::string(value));
  }
  return values;
}

}  // namespace hardscape
