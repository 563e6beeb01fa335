// A card for the tests of this part.
#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "hardscape/predict.hpp"

namespace hardscape::predict {

// Rates in bytes and operations a second.
inline ComputeDevice test_card(std::string_view vendor, std::string_view architecture, double bandwidth, double vector, double matrix) {
  ComputeDevice card;
  card.id = "gpu0";
  card.vendor = vendor;
  card.device_class = DeviceClass::gpu;
  card.bandwidth = BytesPerSecond{bandwidth};
  card.vector = FlopsPerSecond{vector};
  card.matrix = FlopsPerSecond{matrix};
  card.link = BytesPerSecond{25e9};
  for (const auto& row : architectures())
    if (row.id == architecture) card.architecture = &row;
  EXPECT_NE(card.architecture, nullptr) << architecture;
  return card;
}

}  // namespace hardscape::predict
