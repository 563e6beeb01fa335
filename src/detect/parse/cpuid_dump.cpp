#include "detect/parse/cpuid_dump.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <map>
#include <memory>

#include "base/text.hpp"

namespace hardscape {
namespace {

struct Entry {
  std::uint32_t mask = 0;
  std::array<std::uint32_t, 4> in{};
  CpuidLeaf out;
};

int log2_rounded_up(std::uint32_t count) { return count <= 1 ? 0 : static_cast<int>(std::bit_width(count - 1)); }

// Levels of leaf 0x1F, else 0x0B (Intel SDM 2A): shifts that strip the thread's and the package's bits.
bool read_levels(const Cpuid& cpuid, std::uint32_t leaf, CpuidPlace& place) {
  constexpr int k_most_levels = 8;
  bool found = false;
  for (std::uint32_t level = 0; level < k_most_levels; ++level) {
    const auto answer = cpuid(leaf, level);
    if (!answer) break;
    const std::uint32_t type = (answer->ecx >> 8) & 0xff;
    if (type == 0 || (answer->ebx & 0xffff) == 0) break;
    const int shift = static_cast<int>(answer->eax & 0x1f);
    place.apic_id = answer->edx;
    if (type == 1) place.core_shift = shift;
    place.package_shift = shift;
    found = true;
  }
  return found;
}

// Before leaf 0x0B: counts of leaves 1 and 4 (Intel), 0x80000008 and 0x8000001E (AMD).
void read_counts(const Cpuid& cpuid, bool is_amd, CpuidPlace& place) {
  const auto basic = cpuid(1, 0);
  if (!basic) return;
  place.apic_id = basic->ebx >> 24;
  const std::uint32_t logical = ((basic->edx >> 28) & 1U) != 0 ? (basic->ebx >> 16) & 0xff : 1;
  place.package_shift = log2_rounded_up(logical);
  if (is_amd) {
    if (const auto sizes = cpuid(0x80000008, 0)) {
      const auto bits = static_cast<int>((sizes->ecx >> 12) & 0xf);
      place.package_shift = bits != 0 ? bits : log2_rounded_up((sizes->ecx & 0xff) + 1);
    }
    const auto extended = cpuid(0x80000001, 0);
    const bool has_node_leaf = extended && ((extended->ecx >> 22) & 1U) != 0;
    if (const auto unit = has_node_leaf ? cpuid(0x8000001e, 0) : std::nullopt) {
      place.apic_id = unit->eax;
      // From family 17h on these are threads of a core; before, cores of a module.
      place.core_shift = log2_rounded_up(((unit->ebx >> 8) & 0xff) + 1);
    }
    return;
  }
  const auto first_cache = cpuid(4, 0);
  const std::uint32_t cores = first_cache ? (first_cache->eax >> 26) + 1 : 1;
  place.core_shift = place.package_shift - log2_rounded_up(cores);
  if (place.core_shift < 0) place.core_shift = 0;
}

void read_caches(const Cpuid& cpuid, std::uint32_t leaf, CpuidPlace& place) {
  constexpr std::uint32_t k_most = 16;
  for (std::uint32_t index = 0; index < k_most; ++index) {
    const auto answer = cpuid(leaf, index);
    if (!answer || (answer->eax & 0x1f) == 0) break;
    CpuidPlace::SharedCache cache;
    cache.level = static_cast<int>((answer->eax >> 5) & 7);
    const std::uint32_t type = answer->eax & 0x1f;
    cache.type = type == 1 ? "data" : type == 2 ? "instruction" : "unified";
    const std::int64_t line = (answer->ebx & 0xfff) + 1;
    const std::int64_t partitions = ((answer->ebx >> 12) & 0x3ff) + 1;
    const std::int64_t ways = ((answer->ebx >> 22) & 0x3ff) + 1;
    const std::int64_t sets = static_cast<std::int64_t>(answer->ecx) + 1;
    cache.size = Bytes{line * partitions * ways * sets};
    cache.shift = log2_rounded_up(((answer->eax >> 14) & 0xfff) + 1);
    place.caches.push_back(std::move(cache));
  }
}

void read_core_type(const Cpuid& cpuid, bool is_amd, CpuidPlace& place) {
  const auto highest = cpuid(0, 0);
  if (!is_amd) {
    const auto features = cpuid(7, 0);
    const bool hybrid = features && ((features->edx >> 15) & 1U) != 0;
    if (!hybrid || !highest || highest->eax < 0x1a) return;
    if (const auto kind = cpuid(0x1a, 0)) place.core_type = static_cast<int>(kind->eax >> 24);
    return;
  }
  const auto level = cpuid(0x80000026, 0);
  if (level && ((level->eax >> 30) & 1U) != 0) place.core_type = static_cast<int>(level->ebx >> 28) + 1;
}

}  // namespace

Cpuid parse_cpuid_dump(std::string_view text) {
  constexpr std::size_t k_most_lines = 4096;
  auto entries = std::make_shared<std::vector<Entry>>();
  for (const std::string_view line : split_lines(text)) {
    const auto words = split_words(line);
    if (words.size() != 10 || words[5] != "=>") continue;
    std::array<std::uint32_t, 10> numbers{};
    bool all = true;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (i == 5) continue;
      const auto value = parse_unsigned(words[i], 16);
      all = all && value && *value <= 0xffffffffU;
      if (all) numbers[i] = static_cast<std::uint32_t>(*value);
    }
    if (!all) continue;
    entries->push_back({numbers[0], {numbers[1], numbers[2], numbers[3], numbers[4]}, {numbers[6], numbers[7], numbers[8], numbers[9]}});
    if (entries->size() == k_most_lines) break;
  }
  return [entries](std::uint32_t leaf, std::uint32_t subleaf) -> std::optional<CpuidLeaf> {
    for (const Entry& entry : *entries) {
      if (entry.in[0] != leaf) continue;
      if ((entry.mask & 4U) != 0 && entry.in[2] != subleaf) continue;
      return entry.out;
    }
    return std::nullopt;
  };
}

std::string cpuid_vendor(const Cpuid& cpuid) {
  const auto leaf = cpuid(0, 0);
  if (!leaf) return {};
  std::array<char, 12> name{};
  std::memcpy(name.data(), &leaf->ebx, 4);
  std::memcpy(name.data() + 4, &leaf->edx, 4);
  std::memcpy(name.data() + 8, &leaf->ecx, 4);
  return std::string(trim(printable(std::string_view(name.data(), name.size()))));
}

std::string cpuid_brand(const Cpuid& cpuid) {
  std::string brand;
  for (std::uint32_t leaf = 0x80000002; leaf <= 0x80000004; ++leaf) {
    const auto part = cpuid(leaf, 0);
    if (!part) return {};
    for (const std::uint32_t word : {part->eax, part->ebx, part->ecx, part->edx}) {
      for (int byte = 0; byte < 4; ++byte) brand += static_cast<char>((word >> (8 * byte)) & 0xff);
    }
  }
  brand = brand.substr(0, brand.find('\0'));
  return std::string(trim(printable(brand)));
}

CpuidPlace place_of(const Cpuid& cpuid) {
  CpuidPlace place;
  const auto highest = cpuid(0, 0);
  if (!highest) return place;
  const std::string vendor = cpuid_vendor(cpuid);
  const bool is_amd = vendor == "AuthenticAMD" || vendor == "HygonGenuine";
  const bool by_levels = (highest->eax >= 0x1f && read_levels(cpuid, 0x1f, place)) ||
                         (highest->eax >= 0xb && read_levels(cpuid, 0xb, place));
  if (!by_levels) read_counts(cpuid, is_amd, place);
  const auto extended = cpuid(0x80000000, 0);
  if (is_amd && extended && extended->eax >= 0x8000001d) {
    read_caches(cpuid, 0x8000001d, place);
  } else if (highest->eax >= 4) {
    read_caches(cpuid, 4, place);
  }
  read_core_type(cpuid, is_amd, place);
  return place;
}

TopologySighting topology_of(const std::vector<std::pair<int, CpuidPlace>>& places) {
  TopologySighting topology;
  std::map<std::uint32_t, CpuSet> cores;
  std::map<std::uint32_t, CpuSet> packages;
  std::map<std::tuple<int, std::string, std::int64_t, std::uint32_t>, CpuSet> caches;
  std::map<int, CpuSet> types;
  for (const auto& [number, place] : places) {
    topology.online.add(number);
    cores[place.apic_id >> place.core_shift].add(number);
    packages[place.apic_id >> place.package_shift].add(number);
    types[place.core_type].add(number);
    for (const auto& cache : place.caches)
      caches[{cache.level, cache.type, cache.size->value, place.apic_id >> cache.shift}].add(number);
  }
  topology.present = topology.online;
  for (auto& [id, cpus] : cores) topology.cores.push_back(std::move(cpus));
  for (auto& [id, cpus] : packages) topology.packages.push_back(std::move(cpus));
  for (auto& [key, cpus] : caches)
    topology.caches.push_back({std::get<0>(key), std::get<1>(key), Bytes{std::get<2>(key)}, std::move(cpus)});
  if (types.size() < 2) return topology;
  const auto take = [&](int type, const char* name) {
    if (const auto found = types.find(type); found != types.end()) topology.kinds.push_back({name, found->second});
  };
  take(0x40, "performance");
  take(1, "performance");
  take(0x20, "efficiency");
  take(2, "efficiency");
  return topology;
}

}  // namespace hardscape
