#include <array>

#include "base/text.hpp"
#include "detect/routes/cpu_files.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

constexpr int k_most_indexes = 10;

// "1280K", "32M"; nothing for "0K" and nonsense.
std::optional<Bytes> parse_cache_size(std::string_view text) {
  text = trim(text);
  std::int64_t unit = 1;
  if (text.ends_with('K')) unit = k_kib;
  if (text.ends_with('M')) unit = k_mib;
  if (text.ends_with('G')) unit = k_gib;
  if (unit != 1) text.remove_suffix(1);
  const auto value = parse_integer(text);
  if (!value || *value <= 0 || *value > (std::int64_t{1} << 50) / unit) return std::nullopt;
  return Bytes{*value * unit};
}

std::string type_name(std::string_view kernel_word) { return to_lower(trim(kernel_word)); }

const CpuSet& core_of(const TopologySighting& topology, int cpu) {
  for (const CpuSet& core : topology.cores) {
    if (core.contains(cpu)) return core;
  }
  static const CpuSet k_nothing;
  return k_nothing;
}

}  // namespace

void observe_caches(const Host& host, const DetectOptions&, Sightings& seen) {
  TopologySighting& topology = seen.topology;
  if (topology.route != k_cpu_root) return;
  std::array<CpuSet, k_most_indexes> covered;
  int indexes = 0;  // as many as any processor had
  topology.online.for_each([&](int cpu) {
    bool is_like_an_earlier_one = indexes > 0;  // shares every cache with one that was read
    for (int index = 0; index < k_most_indexes; ++index) {
      if (index >= indexes && is_like_an_earlier_one) break;
      CpuSet& behind = covered[static_cast<std::size_t>(index)];
      if (behind.contains(cpu)) continue;
      is_like_an_earlier_one = false;
      const std::string folder = cpu_file(cpu, "cache/index") + std::to_string(index) + '/';
      const auto level = host.files.read_number(folder + "level");
      if (!level) {
        if (index >= indexes) break;
        continue;
      }
      indexes = std::max(indexes, index + 1);
      if (*level < 1 || *level > 9) continue;
      CacheSighting cache;
      cache.level = static_cast<int>(*level);
      cache.type = type_name(host.files.read_line(folder + "type").value_or("unified"));
      if (const auto size = host.files.read(folder + "size", 64)) cache.size = parse_cache_size(*size);
      const auto shared = read_cpu_set(host.files, folder + "shared_cpu_map");
      // Itanium leaves the map empty: then a cache is one core's.
      cache.shared = shared ? *shared & topology.online : core_of(topology, cpu);
      cache.shared.add(cpu);
      behind |= cache.shared;
      topology.caches.push_back(std::move(cache));
    }
  });
}

}  // namespace hardscape
