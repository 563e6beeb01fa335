// A text compared with a file below tests/golden/ that somebody read.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "support/read_whole.hpp"

namespace hardscape {

// HARDSCAPE_UPDATE_GOLDENS=1 writes the file anew.
inline void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(HARDSCAPE_SOURCE_DIR) + "/tests/golden/" + name;
  if (std::getenv("HARDSCAPE_UPDATE_GOLDENS") != nullptr) std::ofstream(path) << text;
  EXPECT_EQ(text, read_whole(path)) << path;
}

}  // namespace hardscape
