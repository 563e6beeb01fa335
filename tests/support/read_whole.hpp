#pragma once

#include <fstream>
#include <iterator>
#include <string>

namespace hardscape {

// A file's bytes; nothing when it cannot be read.
inline std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace hardscape
