#include "detect/arm_cores.hpp"

#include <fmt/format.h>

#include <map>

#include "base/text.hpp"
#include "detect/embedded_table.hpp"

namespace hardscape {
namespace {

struct Table {
  std::map<int, std::string> vendors;
  std::map<std::pair<int, int>, std::string> names;
};

int number_in(const JsonValue& row, std::string_view key) { return static_cast<int>(id_of(row, key).value_or(0)); }

// Built when the first ARM machine asks; the file is our own, so its form is checked by the test alone.
const Table& table() {
  static const Table built = [] {
    Table t;
    const auto document = JsonDocument::embedded("detection/arm_cores.json");  // its rows are handles into it
    for (const JsonValue& implementer : rows_of(document.root(), "implementers")) {
      const int id = number_in(implementer, "id");
      t.vendors[id] = text_of(implementer, "vendor");
      for (const JsonValue& core : rows_of(implementer, "cores")) t.names[{id, number_in(core, "part")}] = text_of(core, "name");
    }
    return t;
  }();
  return built;
}

}  // namespace

ArmCore arm_core(int implementer, int part) {
  ArmCore core;
  if (const auto found = table().vendors.find(implementer); found != table().vendors.end()) core.vendor = found->second;
  const auto found = table().names.find({implementer, part});
  core.name = found != table().names.end() ? found->second : fmt::format("part {:#05x}", part);
  return core;
}

std::optional<MidrNumbers> parse_midr(const std::string& text) {
  std::string_view digits = trim(text);
  if (digits.starts_with("0x")) digits.remove_prefix(2);
  const auto value = parse_unsigned(digits, 16);
  if (!value || *value == 0) return std::nullopt;
  return MidrNumbers{static_cast<int>((*value >> 24) & 0xff), static_cast<int>((*value >> 4) & 0xfff)};
}

}  // namespace hardscape
