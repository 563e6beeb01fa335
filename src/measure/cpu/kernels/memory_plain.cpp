// For any architecture: what the compiler makes of it, and the C library's copy.
#include <cstring>

#include "measure/cpu/kernels/memory_kernels.hpp"

namespace hardscape::measuring {
namespace {

std::uint64_t read(const void* from, std::size_t bytes) {
  const auto* at = static_cast<const std::uint64_t*>(from);
  std::uint64_t sums[8] = {};
  for (std::size_t i = 0; i < bytes / 8; i += 8)
    for (std::size_t j = 0; j < 8; ++j) sums[j] += at[i + j];
  std::uint64_t total = 0;
  for (const auto sum : sums) total += sum;
  return total;
}

void write(void* to, std::size_t bytes, const std::uint64_t* pattern) {
  auto* at = static_cast<std::uint64_t*>(to);
  for (std::size_t i = 0; i < bytes / 8; i += 8)
    for (std::size_t j = 0; j < 8; ++j) at[i + j] = pattern[j];
}

void copy(void* to, const void* from, std::size_t bytes) { std::memcpy(to, from, bytes); }

void triad(double* to, const double* b, const double* c, double factor, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes / sizeof(double); ++i) to[i] = b[i] + factor * c[i];
}

}  // namespace

const MemoryKernels k_memory_plain{"C", "", read, write, nullptr, copy, nullptr, triad, nullptr};

}  // namespace hardscape::measuring
