#if defined(__x86_64__) && defined(__SSE2__)
#include <immintrin.h>

#include "measure/cpu/kernels/chain_body.hpp"

namespace hardscape::measuring {
namespace {

struct Single {
  using Register = __m128;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = false;
  static Register load(const void* p) { return _mm_load_ps(static_cast<const float*>(p)); }
  static void store(void* p, Register a) { _mm_store_ps(static_cast<float*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("mulps %1, %0\n\taddps %2, %0" : "+x"(a) : "x"(x), "x"(y)); }
};

struct Double {
  using Register = __m128d;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = false;
  static Register load(const void* p) { return _mm_load_pd(static_cast<const double*>(p)); }
  static void store(void* p, Register a) { _mm_store_pd(static_cast<double*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("mulpd %1, %0\n\taddpd %2, %0" : "+x"(a) : "x"(x), "x"(y)); }
};

}  // namespace

extern const ArithmeticKernel k_fp32_sse2;
const ArithmeticKernel k_fp32_sse2 = kernel_of<Single>("fp32_sse2", "fp32", "flops", "", "mulps and addps, 128 bits", Recipe::mul_add, 4, 16, 8);
extern const ArithmeticKernel k_fp64_sse2;
const ArithmeticKernel k_fp64_sse2 = kernel_of<Double>("fp64_sse2", "fp64", "flops", "", "mulpd and addpd, 128 bits", Recipe::mul_add, 8, 16, 4);

}  // namespace hardscape::measuring
#endif
