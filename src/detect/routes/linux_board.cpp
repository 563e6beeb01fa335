#include <algorithm>

#include "base/text.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

// What firmware writes when its maker wrote nothing.
constexpr std::string_view k_placeholders[] = {
    "to be filled", "o.e.m", "system manufacturer", "system product name", "default string", "not applicable",
    "not specified", "unknown", "none", "n/a", "undefined", "system version", "base board", "empty", "0", "x.x",
};

std::optional<std::string> dmi(const FileTree& files, std::string_view name) {
  for (const char* folder : {"/sys/class/dmi/id/", "/sys/devices/virtual/dmi/id/"}) {
    const auto text = files.read_line(std::string(folder) + std::string(name));
    if (!text) continue;
    const std::string value = printable(trim(*text));
    const std::string lower = to_lower(value);
    const bool empty = std::any_of(std::begin(k_placeholders), std::end(k_placeholders), [&](std::string_view word) {
      return word.size() > 3 ? lower.find(word) != std::string::npos : lower == word;
    });
    if (!value.empty() && !empty) return value;
  }
  return std::nullopt;
}

}  // namespace

void observe_board(const Host& host, const DetectOptions&, Sightings& seen) {
  const FileTree& files = host.files;
  for (const char* root : {"/proc/device-tree/", "/sys/firmware/devicetree/base/"}) {
    const auto compatible = files.read(std::string(root) + "compatible", 4096);
    if (compatible) {
      for (const std::string_view name : split(*compatible, '\0')) {
        if (!trim(name).empty()) seen.device_tree_compatible.push_back(printable(trim(name)));
      }
    }
    if (const auto model = files.read_line(std::string(root) + "model"); model && !seen.board)
      seen.board = printable(*model);
    if (seen.board || !seen.device_tree_compatible.empty()) break;
  }
  if (!seen.board && !seen.cpuinfo.model.empty() && seen.cpuinfo.architecture.starts_with("a"))
    seen.board = printable(seen.cpuinfo.model);
  if (seen.board) return;

  const auto vendor = dmi(files, "sys_vendor");
  auto product = dmi(files, "product_name");
  if (product) {
    const bool names_vendor = vendor && starts_with_ignoring_case(*product, split_words(*vendor).front());
    // Lenovo puts a type number there and the name people know in the version.
    if (vendor && contains_ignoring_case(*vendor, "lenovo")) {
      if (const auto version = dmi(files, "product_version")) product = *version + " (" + *product + ')';
    }
    seen.board = vendor && !names_vendor ? *vendor + ' ' + *product : *product;
    return;
  }
  const auto board = dmi(files, "board_name");
  const auto maker = dmi(files, "board_vendor");
  if (board) seen.board = maker ? *maker + ' ' + *board : *board;
}

}  // namespace hardscape
