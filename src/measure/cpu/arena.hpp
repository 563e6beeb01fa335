// Three arrays in memory, filled by the threads that will use them, and a fair way to hand their pieces out.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "measure/cpu/bench_plan.hpp"
#include "measure/cpu/crew.hpp"
#include "measure/cpu/pages.hpp"

namespace hardscape::measuring {

// Standard normal numbers, the same in every run; `count` a power of two.
std::vector<double> normal_pool(std::size_t count);

class Arena {
 public:
  // Random normal doubles, or zeros, touched first by the thread whose slice it is.
  static Result<std::shared_ptr<Arena>> make(std::size_t bytes, Team& team, bool zeros);

  std::size_t bytes() const { return bytes_; }
  std::size_t chunks() const { return bytes_ / k_chunk; }
  double* a() const { return a_.as<double>(); }
  double* b() const { return b_.as<double>(); }
  double* c() const { return c_.as<double>(); }
  std::uint64_t sum_of_b() const { return sum_of_b_; }   // of its 64-bit words, modulo 2^64

 private:
  Arena(Pages a, Pages b, Pages c, std::size_t bytes) : a_(std::move(a)), b_(std::move(b)), c_(std::move(c)), bytes_(bytes) {}
  Pages a_, b_, c_;
  std::size_t bytes_;
  std::uint64_t sum_of_b_ = 0;
};

// Chunks of several passes: each thread takes its own slice first and then helps the others, so that a slower core
// does not hold up the rest.
class Slices {
 public:
  Slices(int threads, std::size_t chunks);
  void start(std::int64_t passes);
  template <class Work>
  void take(int thread, Work work) {
    const auto count = slices_.size();
    for (std::size_t i = 0; i < count; ++i) {
      Slice& slice = slices_[(static_cast<std::size_t>(thread) + i) % count];
      const auto most = static_cast<std::uint64_t>(passes_) * slice.count;
      for (auto n = slice.next.fetch_add(1, std::memory_order_relaxed); n < most; n = slice.next.fetch_add(1, std::memory_order_relaxed))
        work(slice.begin + static_cast<std::size_t>(n % slice.count));
    }
  }

 private:
  struct alignas(128) Slice {
    std::size_t begin = 0, count = 0;
    std::atomic<std::uint64_t> next{0};
  };
  std::vector<Slice> slices_;
  std::int64_t passes_ = 0;
};

}  // namespace hardscape::measuring
