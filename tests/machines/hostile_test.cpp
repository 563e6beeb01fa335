// Roots that are broken, absurd or out to harm: detection says what it can and neither crashes, hangs nor leaves the root.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>

#include "hardscape/detect.hpp"
#include "support/packed_machine.hpp"

namespace hardscape {
namespace {

class HostileRoot : public testing::Test {
 protected:
  Machine detect_here() const {
    const auto host = recorded_host(folder_.path());
    EXPECT_TRUE(host);
    return detect(*host);
  }
  void cpu(int number, std::string_view core = "1") const {
    const std::string base = "/sys/devices/system/cpu/cpu" + std::to_string(number);
    folder_.write(base + "/topology/thread_siblings", std::string(core) + "\n");
  }
  static bool has_note(const Machine& machine, std::string_view code) {
    for (const Note& note : machine.notes) {
      if (note.code == code) return true;
    }
    return false;
  }

  TemporaryFolder folder_{folder_for_small_files()};
};

TEST_F(HostileRoot, EmptyRootIsAnAnswer) {
  const Machine machine = detect_here();
  EXPECT_TRUE(machine.processors.empty());
  EXPECT_EQ(machine.memory.total.value, 0);
  EXPECT_TRUE(has_note(machine, "no-processor"));
  EXPECT_TRUE(has_note(machine, "memory-unknown"));
}

TEST_F(HostileRoot, EveryFileEmpty) {
  for (const char* path : {"/proc/cpuinfo", "/proc/meminfo", "/proc/self/status", "/proc/self/cgroup", "/proc/self/mountinfo",
                           "/proc/self/limits", "/sys/devices/system/cpu/online", "/sys/devices/system/cpu/present",
                           "/sys/devices/system/node/online", "/sys/devices/system/memory/block_size_bytes",
                           "/sys/devices/system/cpu/cpu0/topology/core_cpus", "/sys/devices/system/node/node0/meminfo"})
    folder_.write(path, "");
  const Machine machine = detect_here();
  ASSERT_EQ(machine.processors.size(), 1U);
  EXPECT_EQ(machine.processors[0].threads, 1) << "the folder cpu0 is there";
}

TEST_F(HostileRoot, AMillionProcessorsInOnline) {
  folder_.write("/sys/devices/system/cpu/online", "0-999999\n");
  folder_.write("/sys/devices/system/cpu/present", "0-999999\n");
  folder_.write("/sys/devices/system/cpu/possible", "0-999999\n");
  cpu(0, "3");
  cpu(1, "3");
  const Machine machine = detect_here();
  ASSERT_EQ(machine.processors.size(), 1U);
  EXPECT_EQ(machine.processors[0].threads, 2) << "those that have a folder";
  EXPECT_EQ(machine.processors[0].cores, 1);
}

TEST_F(HostileRoot, NegativeAndOverflowingSizesAreUnknown) {
  folder_.write("/proc/meminfo", "MemTotal: -5 kB\nMemFree: 99999999999999999999999 kB\nSwapTotal: 9223372036854775807 kB\n");
  folder_.write("/sys/devices/system/cpu/cpu0/cache/index0/level", "1\n");
  folder_.write("/sys/devices/system/cpu/cpu0/cache/index0/type", "Data\n");
  folder_.write("/sys/devices/system/cpu/cpu0/cache/index0/size", "-32K\n");
  folder_.write("/sys/devices/system/cpu/cpu0/cache/index0/shared_cpu_map", "zzz\n");
  folder_.write("/sys/devices/system/cpu/cpu0/cache/index1/level", "99999999999999999999\n");
  const Machine machine = detect_here();
  EXPECT_EQ(machine.memory.total.value, 0);
  EXPECT_FALSE(machine.memory.swap);
  ASSERT_EQ(machine.processors.size(), 1U);
  ASSERT_EQ(machine.processors[0].caches.size(), 1U);
  EXPECT_FALSE(machine.processors[0].caches[0].size);
}

TEST_F(HostileRoot, FourGigabyteLinesAreReadUpToALimit) {
  folder_.write("/proc/meminfo", "");
  folder_.write("/proc/cpuinfo", "");
  folder_.write("/sys/devices/system/cpu/online", "");
  for (const char* path : {"/proc/meminfo", "/proc/cpuinfo", "/sys/devices/system/cpu/online"}) {
    if (::truncate((folder_.path() + path).c_str(), off_t{4} << 30) != 0) GTEST_SKIP() << "no sparse files here";
  }
  const Machine machine = detect_here();
  EXPECT_EQ(machine.memory.total.value, 0);
}

TEST_F(HostileRoot, LinksDoNotLeadOut) {
  const TemporaryFolder outside(folder_for_small_files());
  outside.write("/meminfo", "MemTotal: 123456 kB\n");
  outside.write("/cpu/cpu0/topology/thread_siblings", "1\n");
  folder_.link("/proc/meminfo", outside / "meminfo");                    // absolute
  folder_.link("/sys/devices/system/cpu", outside / "cpu");
  folder_.link("/etc/os-release", "../../../../../../../../etc/os-release");  // upwards
  folder_.link("/proc/cpuinfo", "/proc/cpuinfo");                        // itself
  folder_.link("/proc/self", "self");
  const Machine machine = detect_here();
  EXPECT_EQ(machine.memory.total.value, 0);
  EXPECT_TRUE(machine.processors.empty());
  EXPECT_FALSE(machine.os.version);
}

TEST_F(HostileRoot, PipesAndDevicesAreNotWaitedFor) {
  folder_.write("/proc/self/cgroup", "0::/\n");
  ASSERT_EQ(::mkfifo((folder_ / "proc/meminfo").c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo((folder_ / "proc/cpuinfo").c_str(), 0600), 0);
  const Machine machine = detect_here();
  EXPECT_EQ(machine.memory.total.value, 0);
}

TEST_F(HostileRoot, FoldersInPlaceOfFilesAndFilesInPlaceOfFolders) {
  std::filesystem::create_directories(folder_ / "proc/meminfo");
  folder_.write("/sys/devices/system", "a file");
  folder_.write("/proc/cpuinfo", std::string("processor\t: 0\nflags\t: \0\xff\xfe avx2 lm\n", 32));
  const Machine machine = detect_here();
  ASSERT_EQ(machine.processors.size(), 1U);
  EXPECT_EQ(machine.processors[0].threads, 1);
}

TEST_F(HostileRoot, EveryRecordedFileCutInHalf) {
  const PackedMachine packed(std::string(HARDSCAPE_SOURCE_DIR) + "/tests/machines/20em64t-hybrid-1p6c2t-2ca4co1t/tree.txt");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(packed.root())) {
    if (!entry.is_regular_file()) continue;
    std::filesystem::resize_file(entry.path(), entry.file_size() / 2);
  }
  const auto host = recorded_host(packed.root());
  ASSERT_TRUE(host);
  const Machine machine = detect(*host);
  ASSERT_EQ(machine.processors.size(), 1U);
  EXPECT_LE(machine.processors[0].cores, machine.processors[0].threads);
}

// --gather never touches a folder that holds something, and leaves nothing behind when it fails.
TEST_F(HostileRoot, GatherRefusesAFullFolder) {
  folder_.write("/proc/meminfo", "MemTotal: 1024 kB\n");
  const TemporaryFolder work(folder_for_small_files());
  work.write("/taken/file", "mine");
  const auto host = recorded_host(folder_.path());
  ASSERT_TRUE(host);
  const auto refused = gather(*host, work / "taken");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(read_whole(work / "taken/file"), "mine");
  ASSERT_TRUE(gather(*host, work / "fresh"));
  std::filesystem::create_directory(work / "empty");
  ASSERT_TRUE(gather(*host, work / "empty"));
  EXPECT_TRUE(std::filesystem::exists(work / "empty/proc/meminfo"));
  int entries = 0;
  for (const auto& entry : std::filesystem::directory_iterator(work.path())) entries += entry.exists() ? 1 : 0;
  EXPECT_EQ(entries, 3) << "nothing unfinished is left";
}

TEST_F(HostileRoot, GatherTakesOutWhatNamesTheMachine) {
  folder_.write("/proc/cpuinfo", "processor\t: 0\nflags\t: lm avx2 serialize\nSerial\t: 10000000bb9410ef\n");
  folder_.write("/sys/devices/system/cpu/cpu0/topology/core_cpus", "1\n");
  folder_.write("/proc/self/cgroup", "0::/kubepods/pod3f2504e0-4f89-11d3-9a0c-0305e82c3301\n");
  folder_.write("/sys/fs/cgroup/kubepods/pod3f2504e0-4f89-11d3-9a0c-0305e82c3301/memory.max", "1048576\n");
  folder_.write("/proc/meminfo", "MemTotal: 4096 kB\nMemFree: 4000 kB\n");
  folder_.write("/run/udev/data/+dmi:id", "E:MEMORY_ARRAY_NUM_DEVICES=1\nE:MEMORY_DEVICE_0_SERIAL_NUMBER=ABC123\n"
                                         "E:MEMORY_DEVICE_0_SIZE=8589934592\nE:MEMORY_DEVICE_0_SPEED_MTS=4800\n");
  const TemporaryFolder work(folder_for_small_files());
  const auto host = recorded_host(folder_.path());
  ASSERT_TRUE(host);
  const auto machine = gather(*host, work / "out");
  ASSERT_TRUE(machine);
  EXPECT_EQ(machine->memory.limit, Bytes{1048576});
  for (const auto& entry : std::filesystem::recursive_directory_iterator(work / "out")) {
    const std::string text = entry.is_regular_file() ? read_whole(entry.path().string()) : "";
    for (const char* secret : {"bb9410ef", "3f2504e0", "ABC123"}) {
      EXPECT_EQ(text.find(secret), std::string::npos) << entry.path();
      EXPECT_EQ(entry.path().string().find(secret), std::string::npos);
    }
  }
  const auto again = recorded_host(work / "out");
  ASSERT_TRUE(again);
  Machine replayed = detect(*again);
  EXPECT_EQ(replayed.memory.limit, machine->memory.limit);
  EXPECT_EQ(replayed.processors, machine->processors);
}

}  // namespace
}  // namespace hardscape
