#include "catalogue/written_name.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "catalogue/names.hpp"

namespace hardscape {
namespace {

using Words = std::vector<std::string>;

// Makers of boards and the names of their coolers, bins and packages. Words that also tell chips apart ("super",
// "ultra" of Apple, "d", "xt") are not among them.
constexpr std::array<std::string_view, 95> k_board_words{
    "msi",       "asus",     "gigabyte",  "zotac",     "pny",      "evga",       "palit",    "gainward",  "inno3d",   "colorful",
    "galax",     "kfa2",     "manli",     "sapphire",  "powercolor", "xfx",      "asrock",   "sparkle",   "acer",     "maxsun",
    "yeston",    "aorus",    "rog",       "tuf",       "gaming",   "suprim",     "ventus",   "trio",      "eagle",    "windforce",
    "aero",      "master",   "dual",      "prime",     "proart",   "phoenix",    "turbo",    "blower",    "twin",     "edge",
    "trinity",   "amp",      "extreme",   "holo",      "ftw3",     "ftw",        "ultra",    "xc3",       "black",    "hybrid",
    "red",       "devil",    "hellhound", "fighter",   "pulse",    "nitro",      "nitro+",   "pure",      "vapor",    "speedster",
    "merc",      "swft",     "qick",      "310",       "319",      "steel",      "legend",   "challenger", "phantom",  "taichi",
    "orc",       "limited",  "white",     "vision",    "noctua",   "liquid",     "waterforce", "shadow",   "expert",   "inspire",
    "gamerock",  "jetstream", "ichill",   "verto",     "triple",   "fan",        "oc",       "fe",        "founders", "lhr",
    "overclocked", "desktop",  "slim",     "gs",        "gamingpro"};
// Behind a board word these belong to it: "SUPRIM X", "Vapor-X", "Ventus 3X", "ROG Strix", "Sparkle ... TITAN".
constexpr std::array<std::string_view, 8> k_board_letters{"x", "z", "2x", "3x", "x3", "x2", "strix", "elite"};
constexpr std::array<std::string_view, 5> k_graphics_words{"rtx", "gtx", "rx", "arc", "geforce"};
// Of Apple's computers; dropped where a chip stands beside them.
constexpr std::array<std::string_view, 4> k_computer_words{"macbook", "imac", "mac", "ipad"};
constexpr std::array<std::string_view, 6> k_computer_lines{"pro", "air", "studio", "mini", "neo", "display"};

bool number(const std::string& word) { return !word.empty() && word.size() < 6 && std::all_of(word.begin(), word.end(), is_digit); }

// Words of letters, digits, '+' and '.', in lower case.
Words words_in(std::string_view text) {
  Words words;
  std::string word;
  for (const char c : to_lower(text) + ' ') {
    if ((c >= 'a' && c <= 'z') || is_digit(c) || c == '+' || c == '.') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

bool is_memory_unit(std::string_view word) { return word == "gb" || word == "gib" || word == "g"; }

// Takes "24gb", "24 gb" and "1tb" out of the words.
std::optional<Bytes> take_memory(Words& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string digits = words[i];
    std::size_t used = 1;
    std::int64_t unit = k_gib;
    const auto letters = digits.find_first_not_of("0123456789");
    if (letters == std::string::npos) {
      if (i + 1 >= words.size() || words[i + 1] == "g" || !is_memory_unit(words[i + 1])) continue;
      used = 2;
    } else {
      const std::string suffix = digits.substr(letters);
      if (suffix == "tb" || suffix == "tib") unit = 1024 * k_gib;
      else if (!is_memory_unit(suffix)) continue;
      digits.resize(letters);
    }
    if (!number(digits)) continue;
    const auto size = parse_integer(digits);
    if (!size || *size < 1) continue;
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(i), words.begin() + static_cast<std::ptrdiff_t>(i + used));
    return Bytes{*size * unit};
  }
  return std::nullopt;
}

// Takes "16 core cpu" and "40 core gpu" out of the words and returns the latter's number.
std::optional<int> take_cores(Words& words) {
  std::optional<int> gpu;
  for (std::size_t i = 0; i + 1 < words.size();) {
    if (!number(words[i]) || (words[i + 1] != "core" && words[i + 1] != "cores")) {
      ++i;
      continue;
    }
    const std::string of = i + 2 < words.size() ? words[i + 2] : "";
    if (of != "cpu") gpu = static_cast<int>(*parse_integer(words[i]));
    const std::size_t used = of == "cpu" || of == "gpu" ? 3 : 2;
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(i), words.begin() + static_cast<std::ptrdiff_t>(i + used));
  }
  return gpu;
}

// "m1" to "m9".
bool is_apple_chip(const std::string& word) { return word.size() == 2 && word[0] == 'm' && is_digit(word[1]); }

// "MacBook Pro (14-inch, M4 Pro, 2024)" has an M4 Pro: computer, size and year go.
void drop_computer(Words& words) {
  Words kept;
  bool line = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    const bool inches = number(word) && i + 1 < words.size() && (words[i + 1] == "inch" || words[i + 1] == "in");
    const bool year = word.size() == 4 && number(word) && word.starts_with("20");
    const bool computer = is_one_of(k_computer_words, word);
    const bool dropped = computer || (line && is_one_of(k_computer_lines, word)) || inches || word == "inch" || year || word == "apple";
    if (!dropped) kept.push_back(word);
    line = computer;
  }
  words = std::move(kept);
}

void drop_board_words(Words& words) {
  Words kept;
  bool after_board = false;
  const bool arc = std::find(words.begin(), words.end(), "arc") != words.end();
  for (const auto& word : words) {
    const bool board = is_one_of(k_board_words, word) || (after_board && is_one_of(k_board_letters, word)) || (arc && word == "titan");
    if (!board) kept.push_back(word);
    after_board = board;
  }
  if (!kept.empty()) words = std::move(kept);
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = to_lower(text).find(what); at != std::string::npos; at = to_lower(text).find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

}  // namespace

WrittenName read_written_name(std::string_view name) {
  WrittenName written;
  auto words = words_in(name);
  written.memory = take_memory(words);
  if (std::any_of(words.begin(), words.end(), is_apple_chip)) {
    written.gpu_cores = take_cores(words);
    drop_computer(words);
  } else if (std::any_of(words.begin(), words.end(), [](const std::string& word) { return is_one_of(k_graphics_words, word); })) {
    drop_board_words(words);
  }
  for (const auto& word : words) written.text += (written.text.empty() ? "" : " ") + word;
  return written;
}

std::vector<std::string> bracketed_names(std::string_view name) {
  const auto close = name.rfind(']');
  const auto open = name.rfind('[', close);
  if (close == std::string_view::npos || open == std::string_view::npos) return {};
  std::string inside(name.substr(open + 1, close - open - 1));
  if (inside == "AMD/ATI") return {};
  for (const std::string_view pair : {"max-q / mobile", "mobile / max-q"}) inside = replaced(std::move(inside), pair, "Laptop");
  inside = replaced(std::move(inside), " lite hash rate", "");
  std::vector<std::string> names;
  for (const auto part : split(inside, '/')) names.emplace_back(trim(part));
  return names;
}

std::string without_marks(std::string_view name) {
  std::string text(name);
  for (const std::string_view mark : {"(r)", "(tm)", "(c)"}) text = replaced(std::move(text), mark, " ");
  for (const std::string_view end : {" (rev ", " rev "})
    if (const auto at = to_lower(text).rfind(end); at != std::string::npos) text.resize(at);
  if (const auto at = text.rfind(" @ "); at != std::string::npos && to_lower(text).ends_with("hz")) text.resize(at);
  std::string out;
  for (const auto word : split_words(text)) out += (out.empty() ? "" : " ") + std::string(word);
  return out;
}

}  // namespace hardscape
