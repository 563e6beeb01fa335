#if defined(__x86_64__) && defined(__AVX512F__)
#include <immintrin.h>

#include "measure/cpu/kernels/memory_body.hpp"

namespace hardscape::measuring {
namespace {

struct V {
  using Word = __m512i;
  using Real = __m512d;
  static constexpr std::size_t k_bytes = sizeof(Word);
  static constexpr bool k_around = true;
  static Word zero() { return _mm512_setzero_si512(); }
  static Word load_words(const void* p) { return _mm512_load_si512(static_cast<const Word*>(p)); }
  static void store_words(void* p, Word x) { _mm512_store_si512(static_cast<Word*>(p), x); }
  static void stream_words(void* p, Word x) { _mm512_stream_si512(static_cast<Word*>(p), x); }
  static Word add_words(Word a, Word b) { return _mm512_add_epi64(a, b); }
  static Real load(const double* p) { return _mm512_load_pd(p); }
  static void store(double* p, Real x) { _mm512_store_pd(p, x); }
  static void stream(double* p, Real x) { _mm512_stream_pd(p, x); }
  static Real spread(double x) { return _mm512_set1_pd(x); }
  static Real fma(Real a, Real b, Real c) { return _mm512_fmadd_pd(a, b, c); }
  static void fence() { _mm_sfence(); }
};

}  // namespace

const MemoryKernels k_memory_avx512 = kernels_with<V>("AVX-512", "avx512f");

}  // namespace hardscape::measuring
#endif
