#include <gtest/gtest.h>

#include "hardscape/network.hpp"

namespace hardscape {
namespace {

TEST(AllReduce, FollowsLatencyAndBandwidth) {
  const Link nvlink{BytesPerSecond{367e9}, Seconds{1.1e-6}};
  EXPECT_EQ(all_reduce_time(1e6, 1, nvlink).value, 0);
  // Small messages: 2(n-1) latencies; NCCL measured 15.7 us on 8 H100.
  EXPECT_NEAR(all_reduce_time(256, 8, nvlink).value, 15.7e-6, 2e-6);
  // Large ones: 2(n-1)/n of the bytes.
  EXPECT_NEAR(all_reduce_time(4e9, 8, nvlink).value, 2 * 7.0 / 8 * 4e9 / 367e9, 1e-4);
}

}  // namespace
}  // namespace hardscape
