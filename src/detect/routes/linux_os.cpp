#include "base/text.hpp"
#include "detect/parse/key_values.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

constexpr std::size_t k_most_properties = std::size_t{256} * 1024;  // bytes of Android's properties

// "[ro.build.version.release]: [14]" of a saved getprop listing, or "ro.build.version.release=14" of build.prop.
std::optional<std::string> android_property(const FileTree& files, std::string_view key) {
  for (const char* path : {"/getprop.txt", "/system/build.prop"}) {
    const auto text = files.read(path, k_most_properties);
    if (!text) continue;
    for (std::string_view line : split_lines(*text)) {
      line = trim(line);
      if (line.starts_with('[')) line.remove_prefix(1);
      if (!line.starts_with(key)) continue;
      line.remove_prefix(key.size());
      if (line.starts_with("]: [") && line.ends_with(']')) {
        line.remove_prefix(4);
        line.remove_suffix(1);
      } else if (line.starts_with('=')) {
        line.remove_prefix(1);
      } else {
        continue;
      }
      if (!line.empty()) return std::string(line);
    }
  }
  return std::nullopt;
}

void observe_android(const FileTree& files, Sightings& seen) {
  seen.os.name = "Android";
  seen.os.version = android_property(files, "ro.build.version.release");
  const auto model = android_property(files, "ro.product.model");
  const auto maker = android_property(files, "ro.product.manufacturer");
  if (model) seen.board = maker && !starts_with_ignoring_case(*model, *maker) ? *maker + ' ' + *model : *model;
  // From the most telling to the vaguest.
  for (const char* key : {"ro.soc.model", "ro.mediatek.platform", "ro.chipname", "ro.board.platform", "ro.hardware"}) {
    if (const auto chip = android_property(files, key)) {
      seen.processor.name = *chip;
      break;
    }
  }
}

// "Linux version 5.15.0-91-generic (buildd@...) ..."
std::optional<std::string> kernel_of(const FileTree& files) {
  if (auto release = files.read_line("/proc/sys/kernel/osrelease")) return release;
  const auto version = files.read_line("/proc/version");
  if (!version) return std::nullopt;
  const auto words = split_words(*version);
  if (words.size() < 3 || words[0] != "Linux" || words[1] != "version") return std::nullopt;
  return std::string(words[2]);
}

}  // namespace

void observe_os(const Host& host, const DetectOptions&, Sightings& seen) {
  const FileTree& files = host.files;
  seen.os.kernel = kernel_of(files);
  if (files.read("/system/build.prop", k_most_properties) || files.read("/getprop.txt", k_most_properties)) {
    observe_android(files, seen);
    return;
  }
  if (seen.os.kernel || files.read("/proc/cpuinfo", 1) || !files.list("/sys").empty()) seen.os.name = "Linux";
  for (const char* path : {"/etc/os-release", "/usr/lib/os-release"}) {
    const auto text = files.read(path, 65536);
    if (!text) continue;
    const auto values = parse_key_values(*text);
    if (const auto name = values.find("NAME"); name != values.end() && !name->second.empty()) seen.os.name = name->second;
    if (const auto id = values.find("VERSION_ID"); id != values.end() && !id->second.empty()) seen.os.version = id->second;
    break;
  }
}

}  // namespace hardscape
