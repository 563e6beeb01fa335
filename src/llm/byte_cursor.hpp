// Walks a ByteSource forwards through a window, knowing at every step how much is left.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "hardscape/gguf.hpp"

namespace hardscape::llm {

class ByteCursor {
 public:
  explicit ByteCursor(const ByteSource& source) : source_(source) {}

  std::uint64_t offset() const { return offset_; }
  std::uint64_t left() const { return source_.size - offset_; }

  // Little-endian number of T's width; false when the source ends first.
  template <class T>
  bool number(T& value) {
    if (!fill(sizeof(T))) return false;
    std::memcpy(&value, window_.data() + (offset_ - begin_), sizeof(T));
    offset_ += sizeof(T);
    return true;
  }

  bool text(std::uint64_t length, std::uint64_t keep, std::string& into);

  bool skip(std::uint64_t count) {
    if (count > left()) return false;
    offset_ += count;
    return true;
  }

 private:
  bool fill(std::size_t count);

  const ByteSource& source_;
  std::uint64_t offset_ = 0;
  std::uint64_t begin_ = 0;  // where the window starts
  std::vector<char> window_;
};

}  // namespace hardscape::llm
