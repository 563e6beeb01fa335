#if defined(__x86_64__) && defined(__F16C__)
#include <immintrin.h>

#include "measure/cpu/kernels/arithmetic_kernels.hpp"

namespace hardscape::measuring {

float convert_halves(const std::uint16_t* from, std::size_t count, std::int64_t times) {
  __m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
  const auto at = [&](std::size_t i) { return _mm256_cvtph_ps(_mm_load_si128(static_cast<const __m128i*>(static_cast<const void*>(from + i)))); };
  for (; times > 0; --times) {
    for (std::size_t i = 0; i < count; i += 32) {
      s0 = _mm256_add_ps(s0, at(i));
      s1 = _mm256_add_ps(s1, at(i + 8));
      s2 = _mm256_add_ps(s2, at(i + 16));
      s3 = _mm256_add_ps(s3, at(i + 24));
    }
    __asm__ volatile("" : "+x"(s0), "+x"(s1), "+x"(s2), "+x"(s3) : : "memory");
  }
  alignas(32) float lanes[8];
  _mm256_store_ps(lanes, _mm256_add_ps(_mm256_add_ps(s0, s1), _mm256_add_ps(s2, s3)));
  float sum = 0;
  for (const float lane : lanes) sum += lane;
  return sum;
}

}  // namespace hardscape::measuring
#endif
