#include "catalogue/part_name.hpp"

#include "base/text.hpp"

namespace hardscape {
namespace {

constexpr std::int64_t k_most_devices = 1024;

Error wrong(std::string_view part, std::string_view what) {
  return {ErrorCode::invalid_argument, "machine \"" + printable(part) + "\": " + std::string(what)};
}

// "64GB", "64 GiB", "64", "1TB": memory comes in binary sizes, whatever the letters.
std::optional<Bytes> memory_size(std::string_view text) {
  std::string lowered = to_lower(trim(text));
  std::int64_t unit = k_gib;
  for (const std::string_view suffix : {"gib", "gb", "g", "tib", "tb", "t"}) {
    if (lowered.size() <= suffix.size() || lowered.substr(lowered.size() - suffix.size()) != suffix) continue;
    if (suffix[0] == 't') unit = 1024 * k_gib;
    lowered.resize(lowered.size() - suffix.size());
    break;
  }
  const auto number = parse_number(lowered);
  if (!number || !(*number > 0) || *number > 65536) return std::nullopt;
  return Bytes{static_cast<std::int64_t>(*number * static_cast<double>(unit))};
}

Result<PartName> parse_part(std::string_view text) {
  const std::string_view whole = trim(text);
  PartName part;
  std::string_view rest = whole;
  // "2x rtx-3090", "2 x rtx-3090", "2xrtx-3090".
  std::size_t digits = 0;
  while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') ++digits;
  std::size_t at = digits;
  while (at < rest.size() && rest[at] == ' ') ++at;
  if (digits > 0 && at < rest.size() && (rest[at] == 'x' || rest[at] == 'X' || rest[at] == '*')) {
    const auto count = parse_integer(rest.substr(0, digits));
    if (!count || *count < 1 || *count > k_most_devices) return wrong(whole, "the count must be from 1 to 1024");
    part.count = static_cast<int>(*count);
    rest = trim(rest.substr(at + 1));
  }
  const auto mark = rest.find_last_of(":@");
  if (mark != std::string_view::npos) {
    part.memory = memory_size(rest.substr(mark + 1));
    if (!part.memory) return wrong(whole, "after \":\" a memory size such as 64GB is expected");
    rest = trim(rest.substr(0, mark));
  }
  if (rest.empty()) return wrong(whole, "a device is expected, such as rtx-4090 or 2x rtx-3090");
  part.name = std::string(rest);
  return part;
}

}  // namespace

Result<std::vector<PartName>> parse_parts(std::string_view text) {
  std::vector<PartName> parts;
  // A plus between spaces joins parts; one within a word belongs to a name ("Ryzen AI Max+ 395").
  std::string_view rest = text;
  for (;;) {
    const auto plus = rest.find(" + ");
    auto part = parse_part(rest.substr(0, plus));
    if (!part) return std::move(part).error();
    parts.push_back(std::move(*part));
    if (plus == std::string_view::npos) return parts;
    rest.remove_prefix(plus + 3);
  }
}

}  // namespace hardscape
