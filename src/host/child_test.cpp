#include "host/child.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>

namespace hardscape {
namespace {

using namespace std::chrono_literals;

void say(int fd, std::string_view text) { ASSERT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size())); }

TEST(Child, ReturnsWhatItWrote) {
  const auto result = run_in_child([](int fd) { say(fd, "hello"); }, 5s);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(*result, "hello");
}

TEST(Child, AHangingDriverIsGivenUp) {
  const auto result = run_in_child([](int fd) { say(fd, "half"); ::pause(); }, 100ms);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::timeout);
}

TEST(Child, ACrashIsAnError) {
  const auto result = run_in_child([](int) { ::signal(SIGKILL, SIG_DFL); ::raise(SIGKILL); }, 5s);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::unavailable);
}

TEST(Child, WhatALibraryPrintsStaysOutOfOurOutput) {
  ::testing::internal::CaptureStdout();
  const auto result = run_in_child([](int fd) { ::puts("noise"); ::fflush(stdout); say(fd, "x"); }, 5s);
  EXPECT_TRUE(result);
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
}

}  // namespace
}  // namespace hardscape
