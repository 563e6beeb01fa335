// The watch over NVIDIA's cards, through a real dlopen of a stub of NVML.
#include "host/gpu_watch.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <thread>

#include "host/nvml_abi.hpp"

namespace hardscape {
namespace {

using namespace std::chrono_literals;

const std::vector<WatchedGpu> k_card{{"0000:09:00.0", "gpu0"}};

Result<GpuWatch> watch(const char* variant, const std::vector<WatchedGpu>& cards = k_card) {
  ::setenv("HARDSCAPE_STUB_NVML", variant, 1);
  auto host = *live_host();
  host.child = [live = host.child](const ChildWork& work, std::chrono::milliseconds) { return live(work, 500ms); };
  return GpuWatch::start(host, cards, {HARDSCAPE_STUB_NVML_LIBRARY}, 1ms);
}

// Until the card was looked at so often while it worked.
std::vector<GpuRecord> after(const GpuWatch& watch, int busy) {
  for (int i = 0; i < 5000 && watch.records().front().busy < busy; ++i) std::this_thread::sleep_for(1ms);
  return watch.records();
}

TEST(GpuWatch, CountsTheDriversJoules) {
  const auto watching = watch("");
  ASSERT_TRUE(watching) << watching.error().message;
  const auto before = watching->joules();
  const auto then = watching->joules();
  ASSERT_TRUE(before && then);
  // The stub's counter gives 50 J to each question, of which there is at least one between.
  EXPECT_GE(*then - *before, 50);
  EXPECT_EQ(std::fmod(*then - *before, 50), 0);
}

TEST(GpuWatch, AddsUpThePowerOfCardsWithoutACounter) {
  const auto watching = watch("pascal");
  ASSERT_TRUE(watching) << watching.error().message;
  const auto start = std::chrono::steady_clock::now();
  const auto before = watching->joules();
  const auto began = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(50ms);
  const auto ended = std::chrono::steady_clock::now();
  const auto then = watching->joules();
  const auto end = std::chrono::steady_clock::now();
  ASSERT_TRUE(before && then);
  // 600 W all the time.
  EXPECT_GE(*then - *before, 599 * std::chrono::duration<double>(ended - began).count());
  EXPECT_LE(*then - *before, 601 * std::chrono::duration<double>(end - start).count());
}

TEST(GpuWatch, SaysWhatHeldTheCardBack) {
  const struct {
    const char* variant;
    std::vector<std::string> codes;
  } rows[] = {{"", {}}, {"capped", {"gpu-power-cap"}}, {"hot", {"gpu-hot", "gpu-hardware-slowdown"}}};
  for (const auto& row : rows) {
    const auto watching = watch(row.variant);
    ASSERT_TRUE(watching) << watching.error().message;
    std::vector<std::string> codes;
    for (const auto& slow : slowdowns_of(after(*watching, 3).front())) codes.push_back(slow.code);
    EXPECT_EQ(codes, row.codes) << row.variant;
  }
}

TEST(GpuWatch, IdleCardsAreNotSlowedDown) {
  const auto watching = watch("idle");
  ASSERT_TRUE(watching);
  ASSERT_TRUE(watching->joules());
  EXPECT_EQ(watching->records().front().busy, 0);
}

TEST(GpuWatch, RareSlowdownsAreNotWorthASentence) {
  GpuRecord record;
  record.busy = 100;
  record.slowed = {{nvml::k_power_cap, 4}};
  EXPECT_TRUE(slowdowns_of(record).empty());
  record.slowed = {{nvml::k_power_cap, 5}};
  EXPECT_EQ(slowdowns_of(record).size(), 1u);
}

TEST(GpuWatch, LibrariesThatFailAreAnAnswer) {
  EXPECT_EQ(watch("hang").error().code, ErrorCode::timeout);
  EXPECT_FALSE(watch("crash"));
  EXPECT_FALSE(watch("not-loaded"));
  EXPECT_NE(watch("", {{"0000:77:00.0", "gpu7"}}).error().message.find("0000:77:00.0"), std::string::npos);
}

}  // namespace
}  // namespace hardscape
