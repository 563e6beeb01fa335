#include "measure/cpu/pages.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

namespace hardscape::measuring {

Result<Pages> Pages::take(std::size_t bytes) {
  constexpr std::size_t k_huge = std::size_t{2} << 20;
  Pages out;
  out.bytes_ = bytes;
  out.mapped_bytes_ = (bytes + k_huge - 1) / k_huge * k_huge + k_huge;  // room for whole huge pages
  void* at = ::mmap(nullptr, out.mapped_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED)
    return Error{ErrorCode::unavailable, "taking " + std::to_string(bytes) + " bytes of memory to measure with: " + std::strerror(errno)};
  out.mapped_ = at;
  const auto address = reinterpret_cast<std::uintptr_t>(at);
  out.data_ = static_cast<std::byte*>(at) + ((k_huge - address % k_huge) % k_huge);
#ifdef MADV_HUGEPAGE
  // Fewer entries of the TLB for the same bytes; where the system says no, 4 KiB pages do.
  ::madvise(at, out.mapped_bytes_, MADV_HUGEPAGE);
#endif
  return out;
}

Pages::Pages(Pages&& other) noexcept { *this = std::move(other); }

Pages& Pages::operator=(Pages&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  std::swap(mapped_, other.mapped_);
  std::swap(mapped_bytes_, other.mapped_bytes_);
  return *this;
}

Pages::~Pages() {
  if (mapped_ != nullptr) ::munmap(mapped_, mapped_bytes_);
}

}  // namespace hardscape::measuring
