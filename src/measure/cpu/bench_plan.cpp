#include "measure/cpu/bench_plan.hpp"

#include <algorithm>

namespace hardscape::measuring {
namespace {

constexpr std::size_t k_sane_cache = std::size_t{1} << 33;   // 8 GiB; a recording may claim anything

std::size_t round_down(std::size_t value, std::size_t to) { return value / to * to; }

}  // namespace

std::vector<CacheSize> data_caches(const Processor& processor) {
  std::vector<CacheSize> out;
  for (const auto& cache : processor.caches) {
    if (cache.type == "instruction" || !cache.size || cache.size->value < 1024 || cache.level < 1) continue;
    const auto size = std::min(static_cast<std::size_t>(cache.size->value), k_sane_cache);
    const auto all = std::min(size * static_cast<std::size_t>(std::max(1, cache.instances)), k_sane_cache);
    const auto same = std::find_if(out.begin(), out.end(), [&](const CacheSize& c) { return c.level == cache.level; });
    if (same == out.end()) {
      out.push_back({cache.level, size, all});
    } else {  // hybrid processors have two kinds of one level; a thread may be on the larger
      same->of_one = std::max(same->of_one, size);
      same->of_all += all;
    }
  }
  std::sort(out.begin(), out.end(), [](const CacheSize& a, const CacheSize& b) { return a.level < b.level; });
  return out;
}

ArraySize array_size(const Machine& machine, const MeasureOptions& options) {
  constexpr std::size_t k_least = 64 * k_chunk, k_unknown = 256 * k_chunk;
  std::size_t last_level = 0;
  for (const auto& processor : machine.processors)
    if (const auto caches = data_caches(processor); !caches.empty()) last_level += caches.back().of_all;
  std::size_t wanted = last_level > 0 ? std::max(k_least, 4 * last_level) : k_unknown;

  std::optional<std::int64_t> room;
  if (machine.memory.available) room = machine.memory.available->value / 4;
  if (machine.memory.limit) room = std::min(room.value_or(machine.memory.limit->value / 4), machine.memory.limit->value / 4);
  if (options.memory) room = std::min(room.value_or(options.memory->value), options.memory->value);
  if (room) wanted = std::min(wanted, static_cast<std::size_t>(std::max<std::int64_t>(0, *room)) / 3);
  ArraySize out;
  out.bytes = std::max(k_chunk, round_down(wanted + k_chunk - 1, k_chunk));
  if (last_level > 0) out.times_cache = static_cast<double>(out.bytes) / static_cast<double>(last_level);
  return out;
}

std::vector<std::size_t> curve_sizes(const std::vector<CacheSize>& caches, bool dense, std::size_t most) {
  constexpr std::size_t k_unit = 4096;
  if (caches.empty()) return {};
  const std::size_t first = std::max(k_unit, round_down(caches.front().of_one / 2, k_unit));
  const std::size_t last = std::min(most, 4 * caches.back().of_one);
  std::vector<std::size_t> out;
  for (std::size_t size = first; size <= last; size *= dense ? 2 : 4) out.push_back(size);
  for (const auto& cache : caches) out.push_back(std::max(k_unit, round_down(cache.of_one / 2, k_unit)));
  out.push_back(round_down(last, k_unit));
  std::erase_if(out, [&](std::size_t size) { return size < k_unit || size > last; });
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace hardscape::measuring
