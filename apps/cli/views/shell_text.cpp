#include "cli/views/shell_text.hpp"

#include <vector>

namespace hardscape::cli {

namespace {

// A command cut before each of its options (" --name"); what stands between quotes stays whole.
std::vector<std::string_view> options_of(std::string_view command) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < command.size(); ++i) {
    if (command[i] == '\'') quoted = !quoted;
    if (quoted || !command.substr(i).starts_with(" --")) continue;
    parts.push_back(command.substr(begin, i - begin));
    begin = i + 1;
  }
  parts.push_back(command.substr(begin));
  return parts;
}

}  // namespace

std::string shell_word(std::string_view word) {
  constexpr std::string_view k_harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+@%";
  if (!word.empty() && word.find_first_not_of(k_harmless) == std::string_view::npos) return std::string(word);
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string shell_lines(std::string_view command, std::string_view indent, std::size_t width) {
  std::string text{indent};
  std::size_t column = indent.size();
  bool first = true;
  for (const std::string_view part : options_of(command)) {
    // Two columns are kept free for the backslash that a next line would need.
    if (!first && column + 1 + part.size() + 2 > width) {
      text += " \\\n" + std::string(indent) + "    ";
      column = indent.size() + 4;
    } else if (!first) {
      text += ' ';
      ++column;
    }
    text += part;
    column += part.size();
    first = false;
  }
  return text;
}

}  // namespace hardscape::cli
