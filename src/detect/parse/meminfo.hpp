// /proc/meminfo and its relatives: amounts of memory as the kernel writes them.
#pragma once

#include <optional>
#include <string_view>

#include "hardscape/units.hpp"

namespace hardscape {

struct Meminfo {
  std::optional<Bytes> total;
  std::optional<Bytes> free;
  std::optional<Bytes> available;      // "MemAvailable", absent before Linux 3.14
  std::optional<Bytes> buffers;
  std::optional<Bytes> cached;
  std::optional<Bytes> reclaimable;    // "SReclaimable"
  std::optional<Bytes> shared;         // "Shmem"
  std::optional<Bytes> swap_total;
};

// Also reads /sys/devices/system/node/nodeN/meminfo, whose lines begin with "Node N". Lines that are no amounts,
// are negative or overflow are as if absent.
Meminfo parse_meminfo(std::string_view text);

// What a process could take without swapping. The kernel's own figure unless it is missing, 0 or not below the
// total (broken lxcfs); then free + page cache + reclaimable slabs - shared memory. ZFS keeps its cache elsewhere:
// give what it could give back. Never above the total.
std::optional<Bytes> available_memory(const Meminfo& info, Bytes reclaimable_by_zfs = Bytes{0});

// Bytes that ZFS would give back: size - c_min of /proc/spl/kstat/zfs/arcstats; 0 when the text is not that.
Bytes zfs_reclaimable(std::string_view arcstats);

}  // namespace hardscape
