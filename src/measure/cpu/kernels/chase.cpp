#include "measure/cpu/kernels/chase.hpp"

namespace hardscape::measuring {

const void* const* chase(const void* const* from, std::int64_t steps) {
  for (; steps >= 8; steps -= 8)
    for (int i = 0; i < 8; ++i) from = static_cast<const void* const*>(*from);
  for (; steps > 0; --steps) from = static_cast<const void* const*>(*from);
  return from;
}

}  // namespace hardscape::measuring
