#include "api/device_link.hpp"

#include <gtest/gtest.h>

#include "hardscape/network.hpp"

namespace hardscape {
namespace {

Link link_of(const char* id, int count) {
  const auto catalogue = Catalogue::built_in();
  return device_link(*catalogue.find_device(id), count, catalogue);
}

TEST(DeviceLink, GivesTheSmallAllReducesThatNcclMeasures) {
  // NCCL on 8, 4 and 2 H100: 15.7, 9.6 and 6.3 us for small messages (collected timings of aiconfigurator).
  for (const auto& [count, microseconds] : {std::pair{8, 15.7}, {4, 9.6}, {2, 6.3}})
    EXPECT_NEAR(all_reduce_time(8, count, link_of("h100-sxm", count)).value * 1e6, microseconds, 0.25 * microseconds) << count;
  // And 235 GB/s a direction on A100s, 367 on H200s, for large ones.
  EXPECT_NEAR(link_of("a100-sxm-80gb", 8).bandwidth.value, 235e9, 0.05 * 235e9);
  EXPECT_NEAR(link_of("h200-sxm", 8).bandwidth.value, 367e9, 0.05 * 367e9);
}

TEST(DeviceLink, BridgesCardsInSlotsInPairsOnly) {
  EXPECT_GT(link_of("a100-pcie-80gb", 2).bandwidth.value, 200e9);
  // Four of them reach each other over PCI Express 4.0 x16: 31.5 GB/s at most.
  EXPECT_LT(link_of("a100-pcie-80gb", 4).bandwidth.value, 31.6e9);
  EXPECT_GT(link_of("a100-pcie-80gb", 4).bandwidth.value, 20e9);
}

}  // namespace
}  // namespace hardscape
