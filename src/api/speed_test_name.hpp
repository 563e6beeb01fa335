// Names of speed tests as llama-bench and its followers write them.
#pragma once

#include <string_view>

#include "hardscape/result.hpp"

namespace hardscape {

struct SpeedTest {
  bool prefill = false;
  bool offload = false;   // part of the weights in host memory
  double tokens = 0;      // generated or processed
  double context = 0;     // before them
};

// test: "tg", "tg128", "pp512", with "-offload"; context: tokens, "512@16384" (prompt at depth), or words.
Result<SpeedTest> parse_speed_test(std::string_view test, std::string_view context);

}  // namespace hardscape
