#if defined(__x86_64__) && defined(__AVX512F__)
#include <immintrin.h>

#include "measure/cpu/kernels/chain_body.hpp"

namespace hardscape::measuring {
namespace {

struct Single {
  using Register = __m512;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = true;
  static Register load(const void* p) { return _mm512_load_ps(static_cast<const float*>(p)); }
  static void store(void* p, Register a) { _mm512_store_ps(static_cast<float*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("vfmadd213ps %2, %1, %0" : "+v"(a) : "v"(x), "v"(y)); }
};

struct Double {
  using Register = __m512d;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = true;
  static Register load(const void* p) { return _mm512_load_pd(static_cast<const double*>(p)); }
  static void store(void* p, Register a) { _mm512_store_pd(static_cast<double*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("vfmadd213pd %2, %1, %0" : "+v"(a) : "v"(x), "v"(y)); }
};

}  // namespace

extern const ArithmeticKernel k_fp32_avx512;
const ArithmeticKernel k_fp32_avx512 = kernel_of<Single>("fp32_avx512", "fp32", "flops", "avx512f", "vfmadd213ps, 512 bits", Recipe::fma, 4, 64, 32);
extern const ArithmeticKernel k_fp64_avx512;
const ArithmeticKernel k_fp64_avx512 = kernel_of<Double>("fp64_avx512", "fp64", "flops", "avx512f", "vfmadd213pd, 512 bits", Recipe::fma, 8, 64, 16);

}  // namespace hardscape::measuring
#endif
