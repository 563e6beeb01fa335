#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/parse/meminfo.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

constexpr const char* k_blocks = "/sys/devices/system/memory";

// All memory blocks, online or not: an upper bound of what the kernel can have.
std::optional<Bytes> block_total(const FileTree& files) {
  const auto text = files.read_line(std::string(k_blocks) + "/block_size_bytes");
  if (!text) return std::nullopt;
  const auto size = parse_unsigned(*text, 16);
  if (!size || *size == 0 || *size > (std::uint64_t{1} << 40)) return std::nullopt;
  std::int64_t blocks = 0;
  for (const std::string& name : files.list(k_blocks)) {
    if (name.starts_with("memory") && name.size() > 6 && name[6] >= '0' && name[6] <= '9') ++blocks;
  }
  if (blocks == 0) return std::nullopt;
  return Bytes{blocks * static_cast<std::int64_t>(*size)};
}

}  // namespace

void observe_memory(const Host& host, const DetectOptions&, Sightings& seen) {
  const FileTree& files = host.files;
  const auto text = files.read("/proc/meminfo", 65536);
  const Meminfo info = text ? parse_meminfo(*text) : Meminfo{};
  const auto arc = files.read("/proc/spl/kstat/zfs/arcstats", 65536);
  seen.memory.total = info.total;
  seen.memory.swap = info.swap_total;
  seen.memory.available = available_memory(info, arc ? zfs_reclaimable(*arc) : Bytes{0});

  const auto blocks = block_total(files);
  if (blocks && !seen.memory.total) {
    seen.memory.total = blocks;
    seen.note(Severity::warning, "memory-from-blocks",
              "/proc/meminfo is missing; the memory size is that of the kernel's memory blocks, a little above what programs can use.");
  } else if (blocks && *blocks < *seen.memory.total) {
    seen.note(Severity::warning, "meminfo-too-large",
              fmt::format("/proc/meminfo claims {:.1f} GiB, but the kernel has memory blocks for {:.1f} GiB only; the smaller figure is used.",
                          in_gib(*seen.memory.total), in_gib(*blocks)));
    seen.memory.total = blocks;
    if (seen.memory.available && *seen.memory.available > *blocks) seen.memory.available = blocks;
  }
  if (seen.memory.total && seen.memory.total->value == 0) seen.memory.total.reset();
  if (!seen.memory.total && !seen.topology.nodes.empty()) {
    // Last resort: what the NUMA nodes say. It is known to be wrong on some kernels, hence the note.
    Bytes sum{0};
    for (const NumaNodeSighting& node : seen.topology.nodes) {
      if (node.memory && node.memory->value < (std::int64_t{1} << 50)) sum += *node.memory;
    }
    if (sum.value > 0) {
      seen.memory.total = sum;
      seen.note(Severity::warning, "memory-from-nodes",
                "/proc/meminfo is missing; the memory size is the sum of the NUMA nodes, which some kernels get wrong.");
    }
  }
}

}  // namespace hardscape
