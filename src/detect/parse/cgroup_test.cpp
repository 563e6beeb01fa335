#include "detect/parse/cgroup.hpp"

#include <gtest/gtest.h>

namespace hardscape {
namespace {

using Folders = std::vector<std::string>;

TEST(CgroupTest, WalksAllAncestorsOfVersionTwo) {
  const auto found = cgroup_folders(CgroupController::memory, "0::/user.slice/user-1000.slice/job.scope\n", "",
                                    "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].version, 2);
  EXPECT_EQ(found[0].folders, (Folders{"/sys/fs/cgroup/user.slice/user-1000.slice/job.scope",
                                       "/sys/fs/cgroup/user.slice/user-1000.slice", "/sys/fs/cgroup/user.slice", "/sys/fs/cgroup"}));
}

// Docker with version 1: the mount shows the hierarchy from the container's group on.
TEST(CgroupTest, TakesOffThePartOfAVersionOneMount) {
  const auto found = cgroup_folders(
      CgroupController::memory, "4:memory:/docker/abc/inner\n0::/\n", "",
      "700 690 0:30 /docker/abc /sys/fs/cgroup/memory ro,nosuid - cgroup cgroup rw,memory\n"
      "701 690 0:31 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].version, 1);
  EXPECT_EQ(found[0].folders, (Folders{"/sys/fs/cgroup/memory/inner", "/sys/fs/cgroup/memory"}));
}

TEST(CgroupTest, FindsTheOldCpusetFileSystem) {
  const auto found = cgroup_folders(CgroupController::cpuset, "", "/dummy\n", "none /dev/cpuset cpuset rw 0 0\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].folders, (Folders{"/dev/cpuset/dummy", "/dev/cpuset"}));
}

TEST(CgroupTest, DoesNotClimbOutOfItsNamespace) {
  const auto found = cgroup_folders(CgroupController::memory, "0::/../../other\n", "", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 c rw\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].folders, (Folders{"/sys/fs/cgroup"}));
}

TEST(CgroupTest, BoundsTheNumberOfAncestors) {
  std::string path = "0::";
  for (int i = 0; i < 5000; ++i) path += "/a";
  const auto found = cgroup_folders(CgroupController::memory, path, "", "");
  ASSERT_FALSE(found.empty());
  EXPECT_LE(found[0].folders.size(), 64U);
}

TEST(CgroupTest, ReadsLimits) {
  EXPECT_EQ(parse_memory_limit("1073741824\n"), Bytes{1073741824});
  for (const char* text : {"max\n", "9223372036854771712\n", "0", "-1", "", "lots"}) EXPECT_FALSE(parse_memory_limit(text)) << text;
  EXPECT_EQ(parse_cpu_max("150000 100000\n"), 1.5);
  for (const char* text : {"max 100000", "-1 100000", "100000 0", "", "1"}) EXPECT_FALSE(parse_cpu_max(text)) << text;
  const char* limits = "Limit                     Soft Limit           Hard Limit           Units\n"
                       "Max address space         4294967296           unlimited            bytes\n"
                       "Max data size             unlimited            unlimited            bytes\n";
  EXPECT_EQ(parse_resource_limit(limits, "Max address space"), Bytes{4294967296});
  EXPECT_FALSE(parse_resource_limit(limits, "Max data size"));
}

}  // namespace
}  // namespace hardscape
