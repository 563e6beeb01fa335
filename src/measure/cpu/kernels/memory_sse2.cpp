#if defined(__x86_64__) && defined(__SSE2__)
#include <immintrin.h>

#include "measure/cpu/kernels/memory_body.hpp"

namespace hardscape::measuring {
namespace {

struct V {
  using Word = __m128i;
  using Real = __m128d;
  static constexpr std::size_t k_bytes = sizeof(Word);
  static constexpr bool k_around = true;
  static Word zero() { return _mm_setzero_si128(); }
  static Word load_words(const void* p) { return _mm_load_si128(static_cast<const Word*>(p)); }
  static void store_words(void* p, Word x) { _mm_store_si128(static_cast<Word*>(p), x); }
  static void stream_words(void* p, Word x) { _mm_stream_si128(static_cast<Word*>(p), x); }
  static Word add_words(Word a, Word b) { return _mm_add_epi64(a, b); }
  static Real load(const double* p) { return _mm_load_pd(p); }
  static void store(double* p, Real x) { _mm_store_pd(p, x); }
  static void stream(double* p, Real x) { _mm_stream_pd(p, x); }
  static Real spread(double x) { return _mm_set1_pd(x); }
  static Real fma(Real a, Real b, Real c) { return _mm_add_pd(_mm_mul_pd(a, b), c); }
  static void fence() { _mm_sfence(); }
};

}  // namespace

const MemoryKernels k_memory_sse2 = kernels_with<V>("SSE2", "");

}  // namespace hardscape::measuring
#endif
