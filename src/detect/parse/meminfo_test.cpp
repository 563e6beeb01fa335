#include "detect/parse/meminfo.hpp"

#include <gtest/gtest.h>

namespace hardscape {
namespace {

constexpr std::int64_t k = k_kib;

TEST(MeminfoTest, BelievesTheKernelsOwnFigure) {
  const Meminfo info = parse_meminfo("MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 600 kB\nSwapTotal: 0 kB\n");
  EXPECT_EQ(info.total, Bytes{1000 * k});
  EXPECT_EQ(info.swap_total, Bytes{0});
  EXPECT_EQ(available_memory(info), Bytes{600 * k});
}

// Linux before 3.14 has no MemAvailable; broken lxcfs writes 0 or as much as there is.
TEST(MeminfoTest, FallsBackWhereMemAvailableCannotBe) {
  for (const char* line : {"", "MemAvailable: 0 kB\n", "MemAvailable: 1000 kB\n", "MemAvailable: 5000 kB\n"}) {
    const Meminfo info = parse_meminfo(std::string("MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 20 kB\nCached: 200 kB\n"
                                                   "SReclaimable: 30 kB\nShmem: 50 kB\n") + line);
    EXPECT_EQ(available_memory(info), Bytes{300 * k}) << line;
  }
}

TEST(MeminfoTest, AddsWhatZfsWouldGiveBack) {
  const Bytes arc = zfs_reclaimable("13 1 0x01 96 26112 1 1\nname type data\nsize 4 409600\nc_min 4 102400\n");
  EXPECT_EQ(arc, Bytes{307200});
  EXPECT_EQ(zfs_reclaimable("garbage"), Bytes{0});
  const Meminfo info = parse_meminfo("MemTotal: 1000 kB\nMemAvailable: 600 kB\n");
  EXPECT_EQ(available_memory(info, arc), Bytes{900 * k});
  EXPECT_EQ(available_memory(info, Bytes{1 << 30}), Bytes{1000 * k}) << "never above the total";
}

TEST(MeminfoTest, ReadsNodesAndRefusesNonsense) {
  EXPECT_EQ(parse_meminfo("Node 0 MemTotal:       8087768 kB\n").total, Bytes{8087768 * k});
  for (const char* text : {"MemTotal: -1 kB\n", "MemTotal: 12 MB\n", "MemTotal:\n", "MemTotal: 9223372036854775807 kB\n", "MemTotal 5\n"})
    EXPECT_FALSE(parse_meminfo(text).total) << text;
}

}  // namespace
}  // namespace hardscape
