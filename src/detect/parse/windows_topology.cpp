#include "detect/parse/windows_topology.hpp"

#include <algorithm>
#include <map>

namespace hardscape {
namespace {

// winnt.h, LOGICAL_PROCESSOR_RELATIONSHIP.
enum Relation : std::uint32_t { k_core = 0, k_node = 1, k_cache = 2, k_package = 3, k_node_of_many_groups = 6 };

constexpr std::size_t k_most_groups = 256;

// Little-endian numbers of a record; 0 past its end.
struct Record {
  std::string_view bytes;

  std::uint64_t number(std::size_t offset, std::size_t size) const {
    if (offset + size > bytes.size()) return 0;
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[offset + i]);
    return value;
  }

  // GROUP_AFFINITY entries, `count` of them at `offset`: a 64-bit mask and the number of its group.
  CpuSet processors(std::size_t count_offset, std::size_t offset) const {
    // Before Windows 20H2 the count of caches and nodes was a reserved 0, meaning one.
    const std::size_t count = std::clamp<std::size_t>(static_cast<std::size_t>(number(count_offset, 2)), 1, k_most_groups);
    CpuSet set;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t mask = number(offset + 16 * i, 8);
      const auto group = static_cast<int>(number(offset + 16 * i + 8, 2));
      for (int bit = 0; bit < 64; ++bit) {
        if (((mask >> bit) & 1U) != 0) set.add(group * 64 + bit);
      }
    }
    return set;
  }
};

const char* cache_type(std::uint64_t code) { return code == 1 ? "instruction" : code == 2 ? "data" : "unified"; }

}  // namespace

TopologySighting parse_windows_topology(std::string_view buffer) {
  constexpr std::size_t k_header = 8;
  TopologySighting topology;
  std::map<std::uint64_t, CpuSet, std::greater<>> classes;  // by efficiency class: higher is faster
  while (buffer.size() >= k_header) {
    const Record head{buffer.substr(0, k_header)};
    const auto size = static_cast<std::size_t>(head.number(4, 4));
    if (size < k_header || size > buffer.size()) break;
    const Record record{buffer.substr(0, size)};
    buffer.remove_prefix(size);
    switch (head.number(0, 4)) {
      case k_core: {
        CpuSet cpus = record.processors(30, 32);
        topology.online |= cpus;
        classes[record.number(9, 1)] |= cpus;
        if (!cpus.empty()) topology.cores.push_back(std::move(cpus));
        break;
      }
      case k_package:
        if (CpuSet cpus = record.processors(30, 32); !cpus.empty()) topology.packages.push_back(std::move(cpus));
        break;
      case k_node:
      case k_node_of_many_groups: {
        NumaNodeSighting node;
        node.id = static_cast<int>(record.number(8, 4) & 0x7fffffffU);
        node.cpus = record.processors(30, 32);
        const bool known = std::any_of(topology.nodes.begin(), topology.nodes.end(),
                                       [&](const NumaNodeSighting& other) { return other.id == node.id; });
        if (!known) topology.nodes.push_back(std::move(node));
        break;
      }
      case k_cache: {
        CacheSighting cache;
        cache.level = static_cast<int>(record.number(8, 1));
        cache.type = cache_type(record.number(16, 4));
        if (const auto bytes = record.number(12, 4); bytes > 0) cache.size = Bytes{static_cast<std::int64_t>(bytes)};
        cache.shared = record.processors(38, 40);
        if (!cache.shared.empty()) topology.caches.push_back(std::move(cache));
        break;
      }
      default: break;
    }
  }
  topology.present = topology.online;
  if (classes.size() > 1) {
    constexpr const char* k_names[] = {"performance", "efficiency", "low-power"};
    std::size_t rank = 0;
    for (auto& [efficiency, cpus] : classes) topology.kinds.push_back({k_names[std::min<std::size_t>(rank++, 2)], std::move(cpus)});
  }
  return topology;
}

}  // namespace hardscape
