#include "detect/scrub.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.hpp"
#include "detect/parse/smbios.hpp"

namespace hardscape {
namespace {

bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }

// Does `text` begin with groups of hexadecimal digits of these lengths, parted by `separator`, and end there?
template <std::size_t N>
std::size_t match_groups(std::string_view text, const std::array<std::size_t, N>& lengths, char separator) {
  std::size_t at = 0;
  for (std::size_t group = 0; group < N; ++group) {
    if (group > 0) {
      if (at >= text.size() || text[at] != separator) return 0;
      ++at;
    }
    for (std::size_t i = 0; i < lengths[group]; ++i, ++at) {
      if (at >= text.size() || !is_hex(text[at])) return 0;
    }
  }
  return at < text.size() && (is_hex(text[at]) || text[at] == separator) ? 0 : at;
}

constexpr std::array<std::size_t, 5> k_uuid{8, 4, 4, 4, 12};
constexpr std::array<std::size_t, 6> k_mac{2, 2, 2, 2, 2, 2};

// Whole files that name one machine, by the end of their path.
constexpr std::string_view k_private_files[] = {"serial", "uuid", "asset_tag", "serial-number", "unique_id",
                                                "machine-id", "boot_id", "hostname", "serial_number"};
// Lines that name one machine or person, by a word in their key (a value may hold "serialize", an instruction).
constexpr std::string_view k_private_words[] = {"serial", "uuid", "asset", "imei", "macaddr", "bluetooth.address",
                                                "mac_addr", "hostname", "wifi", "account", "email"};

bool has_private_word(std::string_view line) {
  const std::size_t equals = line.find('=');
  const std::string lower = to_lower(line.substr(0, equals != std::string_view::npos ? equals : line.find(':')));
  return std::any_of(std::begin(k_private_words), std::end(k_private_words),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

template <class Keep>
std::string keep_lines(std::string_view text, Keep&& keep) {
  std::string kept;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (keep(line)) {
      kept += line;
      if (end != std::string_view::npos) kept += '\n';
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return kept;
}

}  // namespace

std::string scrub_identifiers(std::string_view text) {
  constexpr std::size_t k_digest = 32;  // a container's id has 64 digits, a UUID without dashes 32
  std::string out(text);
  for (std::size_t i = 0; i < text.size();) {
    if (!is_hex(text[i])) {
      ++i;
      continue;
    }
    const std::string_view rest = text.substr(i);
    std::size_t length = match_groups(rest, k_uuid, '-');
    if (length == 0) length = match_groups(rest, k_uuid, '_');  // in the names of control groups
    const bool starts_here = i == 0 || (!is_hex(text[i - 1]) && text[i - 1] != ':');
    if (length == 0 && starts_here) length = match_groups(rest, k_mac, ':');
    if (length == 0 && starts_here) {
      const std::size_t run = std::min(rest.size(), rest.find_first_not_of("0123456789abcdefABCDEF"));
      if (run >= k_digest) length = run;
    }
    for (std::size_t k = i; k < i + length; ++k) {
      if (is_hex(out[k])) out[k] = '0';
    }
    i += std::max<std::size_t>(length, 1);
  }
  return out;
}

std::optional<std::string> scrub(std::string_view path, std::string_view text) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (const std::string_view word : k_private_files) {
    if (name.ends_with(word)) return std::nullopt;
  }
  // Masks of processors, sizes and counts: long runs of digits that name nobody.
  if (path.starts_with("/sys/devices/system/")) return std::string(text);
  if (path.starts_with("/sys/class/net/") && name == "address") return std::nullopt;
  if (path.starts_with("/sys/firmware/dmi/")) return scrub_smbios(text, path.starts_with("/sys/firmware/dmi/tables"));
  if (path == "/proc/mounts" || path.ends_with("/mountinfo")) {
    return scrub_identifiers(keep_lines(text, [](std::string_view line) {
      return line.find(" cgroup") != std::string_view::npos || line.find(" cpuset ") != std::string_view::npos;
    }));
  }
  if (path == "/proc/self/status") {
    return keep_lines(text, [](std::string_view line) {
      return line.starts_with("Cpus_allowed:") || line.starts_with("Mems_allowed:");
    });
  }
  // Texts of lines in which one may hold a number of this very machine.
  const bool of_lines = path == "/proc/cpuinfo" || path == "/getprop.txt" || path.starts_with("/run/udev/") ||
                        path.ends_with("/uevent") || path.ends_with("/information") || path.ends_with("build.prop");
  if (of_lines)
    return scrub_identifiers(keep_lines(text, [](std::string_view line) { return !has_private_word(line); }));
  return scrub_identifiers(text);
}

}  // namespace hardscape
