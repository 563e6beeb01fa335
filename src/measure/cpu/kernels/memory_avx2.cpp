#if defined(__x86_64__) && defined(__AVX2__)
#include <immintrin.h>

#include "measure/cpu/kernels/memory_body.hpp"

namespace hardscape::measuring {
namespace {

struct V {
  using Word = __m256i;
  using Real = __m256d;
  static constexpr std::size_t k_bytes = sizeof(Word);
  static constexpr bool k_around = true;
  static Word zero() { return _mm256_setzero_si256(); }
  static Word load_words(const void* p) { return _mm256_load_si256(static_cast<const Word*>(p)); }
  static void store_words(void* p, Word x) { _mm256_store_si256(static_cast<Word*>(p), x); }
  static void stream_words(void* p, Word x) { _mm256_stream_si256(static_cast<Word*>(p), x); }
  static Word add_words(Word a, Word b) { return _mm256_add_epi64(a, b); }
  static Real load(const double* p) { return _mm256_load_pd(p); }
  static void store(double* p, Real x) { _mm256_store_pd(p, x); }
  static void stream(double* p, Real x) { _mm256_stream_pd(p, x); }
  static Real spread(double x) { return _mm256_set1_pd(x); }
  static Real fma(Real a, Real b, Real c) { return _mm256_fmadd_pd(a, b, c); }
  static void fence() { _mm_sfence(); }
};

}  // namespace

const MemoryKernels k_memory_avx2 = kernels_with<V>("AVX2", "avx2 fma");

}  // namespace hardscape::measuring
#endif
