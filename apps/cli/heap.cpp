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
  // More than is free below and less than what is mapped apart, so that it makes the heap grow by the reserve.
  constexpr std::size_t k_probe = 120U << 10;
  // The heap goes on just below where a large page can begin: what is touched before the advice stays small.
  const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  const std::uintptr_t begin = (end + 3 * k_probe + k_large_page - 1) / k_large_page * k_large_page;
  if (::sbrk(static_cast<std::intptr_t>(begin - 3 * k_probe - end)) == reinterpret_cast<void*>(-1)) return;
  // volatile: a compiler may leave out what is freed unused.
  void* volatile first = std::malloc(k_probe);
  void* volatile second = std::malloc(k_probe);
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
