// How much memory the measurements of this processor use; pure.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "hardscape/machine.hpp"
#include "hardscape/measurement.hpp"

namespace hardscape::measuring {

// Data that one core can have in a cache of each level, level 1 first; in bytes. Empty where nobody knows.
struct CacheSize {
  int level = 0;
  std::size_t of_one = 0;      // one instance
  std::size_t of_all = 0;      // all instances
};
std::vector<CacheSize> data_caches(const Processor& processor);

inline constexpr std::size_t k_chunk = std::size_t{1} << 20;   // handed to a thread at a time

struct ArraySize {
  std::size_t bytes = 0;       // of one of three arrays; a multiple of k_chunk
  double times_cache = 0;      // against the last-level caches together; 0: unknown
};
// Four times the last-level caches (STREAM's rule), at least 64 MiB, at most what a quarter of free memory allows.
ArraySize array_size(const Machine& machine, const MeasureOptions& options);

// Working sets of the curve, ascending: half of each cache and steps between, up to four times the last.
std::vector<std::size_t> curve_sizes(const std::vector<CacheSize>& caches, bool dense, std::size_t most);

}  // namespace hardscape::measuring
