#include "detect/parse/meminfo.hpp"

#include <algorithm>
#include <limits>

#include "base/text.hpp"

namespace hardscape {
namespace {

std::optional<Bytes> amount(std::string_view text) {
  const auto words = split_words(text);
  if (words.empty() || words.size() > 2) return std::nullopt;
  const auto kib = parse_integer(words[0]);
  if (!kib || *kib < 0 || *kib > std::numeric_limits<std::int64_t>::max() / k_kib) return std::nullopt;
  if (words.size() == 2 && !equal_ignoring_case(words[1], "kB")) return std::nullopt;
  return Bytes{*kib * k_kib};
}

}  // namespace

Meminfo parse_meminfo(std::string_view text) {
  Meminfo info;
  const struct {
    std::string_view key;
    std::optional<Bytes>& value;
  } rows[] = {
      {"MemTotal", info.total},     {"MemFree", info.free},
      {"MemAvailable", info.available}, {"Buffers", info.buffers},
      {"Cached", info.cached},      {"SReclaimable", info.reclaimable},
      {"Shmem", info.shared},       {"SwapTotal", info.swap_total},
  };
  for (std::string_view line : split_lines(text)) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string_view key = trim(line.substr(0, colon));
    if (key.starts_with("Node ")) key = key.substr(key.rfind(' ') + 1);
    for (const auto& row : rows) {
      if (row.key == key && !row.value) row.value = amount(line.substr(colon + 1));
    }
  }
  return info;
}

std::optional<Bytes> available_memory(const Meminfo& info, Bytes reclaimable_by_zfs) {
  if (!info.total) return std::nullopt;
  std::optional<Bytes> available = info.available;
  const bool believable = available && available->value > 0 && *available < *info.total;
  if (!believable) {
    if (!info.free) return std::nullopt;
    const Bytes zero{0};
    available = *info.free + info.buffers.value_or(zero) + info.cached.value_or(zero) +
                info.reclaimable.value_or(zero) - info.shared.value_or(zero);
  }
  return std::clamp(*available + reclaimable_by_zfs, Bytes{0}, *info.total);
}

Bytes zfs_reclaimable(std::string_view arcstats) {
  std::optional<std::int64_t> size;
  std::optional<std::int64_t> least;
  for (const std::string_view line : split_lines(arcstats)) {
    const auto words = split_words(line);
    if (words.size() != 3) continue;
    if (words[0] == "size") size = parse_integer(words[2]);
    if (words[0] == "c_min") least = parse_integer(words[2]);
  }
  if (!size || !least || *size < 0 || *least < 0 || *size <= *least) return Bytes{0};
  return Bytes{*size - *least};
}

}  // namespace hardscape
