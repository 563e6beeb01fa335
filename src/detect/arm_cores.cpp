#include "detect/arm_cores.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "base/embedded.hpp"
#include "base/text.hpp"

namespace hardscape {
namespace {

struct Table {
  std::map<int, std::string> vendors;
  std::map<std::pair<int, int>, std::string> names;
};

int hex(const std::string& text) {
  return static_cast<int>(parse_unsigned(std::string_view(text).substr(2), 16).value_or(0));
}

// Built when the first ARM machine asks; the file is our own, so its form is checked by the test alone.
const Table& table() {
  static const Table built = [] {
    Table t;
    std::string_view text;
    for (std::size_t i = 0; i < k_data_files_count; ++i) {
      if (std::string_view(k_data_files[i].name) == "detection/arm_cores.json") text = k_data_files[i].text();
    }
    const auto document = nlohmann::json::parse(text, nullptr, false);
    if (document.is_discarded()) return t;
    for (const auto& implementer : document["implementers"]) {
      const int id = hex(implementer["id"]);
      t.vendors[id] = implementer["vendor"];
      for (const auto& core : implementer["cores"]) t.names[{id, hex(core["part"])}] = core["name"];
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
