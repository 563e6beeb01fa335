#include "detect/scrub.hpp"

#include <gtest/gtest.h>

namespace hardscape {
namespace {

TEST(ScrubTest, ZeroesWhatNamesAMachineAndNothingElse) {
  const struct {
    const char* text;
    const char* kept;
  } cases[] = {
      {"GPU-3f2504e0-4f89-11d3-9a0c-0305e82c3301", "GPU-00000000-0000-0000-0000-000000000000"},
      {"pod3f2504e0_4f89_11d3_9a0c_0305e82c3301.slice", "pod00000000_0000_0000_0000_000000000000.slice"},
      {"link/ether 52:54:00:12:34:56 brd", "link/ether 00:00:00:00:00:00 brd"},
      {"/docker/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "/docker/0000000000000000000000000000000000000000000000000000000000000000"},
      {"0000:05:00.0", "0000:05:00.0"},                        // a PCI address
      {"0x10de", "0x10de"},
      {"00000000,ffffffff,00000000,ffffffff", "00000000,ffffffff,00000000,ffffffff"},
      {"", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(scrub_identifiers(c.text), c.kept);
}

TEST(ScrubTest, KeepsOfTheMountTableOnlyControlGroups) {
  const auto kept = scrub("/proc/self/mountinfo", "36 35 98:0 / /home/jane rw - ext4 /dev/sda1 rw\n"
                                                  "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  EXPECT_EQ(kept, "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
}

TEST(ScrubTest, DropsWholeFilesThatAreASerialNumber) {
  for (const char* path : {"/sys/class/dmi/id/product_serial", "/sys/class/dmi/id/product_uuid", "/etc/machine-id",
                           "/sys/class/drm/card0/device/unique_id", "/proc/device-tree/serial-number"})
    EXPECT_FALSE(scrub(path, "12345")) << path;
  EXPECT_EQ(scrub("/sys/class/dmi/id/product_name", "PowerEdge R740\n"), "PowerEdge R740\n");
}

}  // namespace
}  // namespace hardscape
