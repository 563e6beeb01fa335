#include "cli/heap.hpp"

#if defined(__linux__) && defined(__GLIBC__)
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#endif

namespace hardscape::cli {

#if defined(__linux__) && defined(__GLIBC__)

void grow_heap_in_large_pages() {
  constexpr std::uintptr_t k_large_page = std::uintptr_t{2} << 20;
  constexpr int k_reserve = 16 << 20;
  // Threads that live as shortly share the one heap: an arena of their own would begin in small pages again.
  if (::mallopt(M_TOP_PAD, k_reserve) == 0 || ::mallopt(M_TRIM_THRESHOLD, 4 * k_reserve) == 0 || ::mallopt(M_ARENA_MAX, 1) == 0) return;
  // The heap goes on just below where a large page can begin: what is touched before the advice stays small.
  constexpr std::uintptr_t k_head = 128U << 10;
  const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  const std::uintptr_t begin = (end + k_head + k_large_page - 1) / k_large_page * k_large_page;
  if (::sbrk(static_cast<std::intptr_t>(begin - k_head - end)) == reinterpret_cast<void*>(-1)) return;
  // What no longer fits below makes the heap grow by the reserve. volatile: a compiler may leave out what is freed unused.
  constexpr std::size_t k_probe = k_head - (8U << 10);
  void* volatile first = std::malloc(k_probe);
  void* volatile second = reinterpret_cast<std::uintptr_t>(::sbrk(0)) < begin ? std::malloc(k_probe) : nullptr;
  std::free(second);
  std::free(first);
  // Reserved, not used: pages that nothing touches cost nothing. A refusal leaves small pages.
  const auto grown = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  if (begin < grown) ::madvise(reinterpret_cast<void*>(begin), grown - begin, MADV_HUGEPAGE);
}

#else

void grow_heap_in_large_pages() {}

#endif

}  // namespace hardscape::cli
