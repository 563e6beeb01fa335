#include "measure/cpu/obstacles.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace hardscape::measuring {
namespace {

constexpr const char* k_cpu0 = "/sys/devices/system/cpu/cpu0/";

std::vector<std::string> codes_on(const TemporaryFolder& root, const Machine& machine, const MeasureOptions& options = {}) {
  auto host = *live_host();
  host.files = *FileTree::open(root.path());
  DeviceProbes out;
  add_obstacles(ProbeContext{host, machine, options}, CoreChoice{{0}, {{0}}, 1}, out);
  std::vector<std::string> codes;
  for (const auto& note : out.notes) {
    EXPECT_TRUE(note.advice) << note.code;
    codes.push_back(note.code);
  }
  return codes;
}

Machine four_cores() {
  Machine machine;
  machine.processors.emplace_back().cores = 4;
  return machine;
}

TEST(Obstacles, AGovernorThatKeepsTheClockLowIsSaid) {
  const struct {
    const char* governor;
    const char* driver;
    bool low;
  } rows[] = {{"powersave", "acpi-cpufreq", true},      {"conservative", "acpi-cpufreq", true}, {"powersave", "amd-pstate", true}, {"schedutil", "acpi-cpufreq", false},
              // With these drivers "powersave" is the usual governor and reaches full clock (kernel's admin guide, intel_pstate and amd-pstate).
              {"powersave", "intel_pstate", false},     {"powersave", "amd-pstate-epp", false}, {"performance", "acpi-cpufreq", false}};
  for (const auto& row : rows) {
    TemporaryFolder root;
    root.write(std::string(k_cpu0) + "cpufreq/scaling_governor", row.governor);
    root.write(std::string(k_cpu0) + "cpufreq/scaling_driver", row.driver);
    EXPECT_EQ(codes_on(root, four_cores()), row.low ? std::vector<std::string>{"governor"} : std::vector<std::string>{}) << row.governor << ' ' << row.driver;
  }
}

TEST(Obstacles, SettingsOfTheSystemAreSaid) {
  const struct {
    const char* path;
    const char* text;
    const char* code;
  } rows[] = {{"/sys/devices/system/cpu/intel_pstate/no_turbo", "1", "no-boost"},
              {"/sys/devices/system/cpu/cpufreq/boost", "0", "no-boost"},
              {"/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]", "no-huge-pages"}};
  for (const auto& row : rows) {
    TemporaryFolder root;
    root.write(row.path, row.text);
    EXPECT_THAT(codes_on(root, four_cores()), testing::ElementsAre(row.code));
  }
}

TEST(Obstacles, OneChannelAQuotaAndFewerThreadsAreSaid) {
  const TemporaryFolder root;
  Machine machine = four_cores();
  EXPECT_THAT(codes_on(root, machine), testing::IsEmpty());
  MeasureOptions options;
  options.threads = 2;
  EXPECT_THAT(codes_on(root, machine, options), testing::ElementsAre("fewer-threads"));
  machine.memory.channels = 1;
  machine.notes.push_back({Severity::warning, "processor-quota", "A control group gives this process the time of 1.5 of 4 logical processors.", "Raise it."});
  EXPECT_THAT(codes_on(root, machine), testing::UnorderedElementsAre("processor-quota", "one-channel"));
  machine.memory.channels = 2;
  machine.notes.clear();
  EXPECT_THAT(codes_on(root, machine), testing::IsEmpty());
}

TEST(Obstacles, HeatMeanwhileIsSaid) {
  TemporaryFolder root;
  root.write("/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "7\n");
  root.write("/sys/devices/system/cpu/cpu1/thermal_throttle/package_throttle_count", "5\n");
  const auto files = *FileTree::open(root.path());
  EXPECT_EQ(thermal_throttles(files), 12);
  ASSERT_TRUE(throttled_by_heat(12, 15));
  EXPECT_THAT(throttled_by_heat(12, 15)->message, testing::HasSubstr("3 times"));
  EXPECT_FALSE(throttled_by_heat(12, 12));
}

}  // namespace
}  // namespace hardscape::measuring
