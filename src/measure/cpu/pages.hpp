// Memory for measuring: whole pages from the system, huge ones where it gives them, untouched.
#pragma once

#include <cstddef>

#include "hardscape/result.hpp"

namespace hardscape::measuring {

class Pages {
 public:
  // unavailable: the system has no so much. Nothing is touched: the thread that does so first decides the NUMA node.
  static Result<Pages> take(std::size_t bytes);
  Pages(Pages&& other) noexcept;
  Pages& operator=(Pages&& other) noexcept;
  ~Pages();

  std::byte* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }
  template <class T>
  T* as() const {
    return static_cast<T*>(static_cast<void*>(data_));
  }

 private:
  Pages() = default;
  std::byte* data_ = nullptr;   // on a 2 MiB boundary
  std::size_t bytes_ = 0;
  void* mapped_ = nullptr;
  std::size_t mapped_bytes_ = 0;
};

}  // namespace hardscape::measuring
