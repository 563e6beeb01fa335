#if defined(__x86_64__) && defined(__AVX512FP16__)
#include <immintrin.h>

#include "measure/cpu/kernels/chain_body.hpp"

namespace hardscape::measuring {
namespace {

struct Halves {
  using Register = __m512i;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = true;
  static Register load(const void* p) { return _mm512_load_si512(static_cast<const __m512i*>(p)); }
  static void store(void* p, Register a) { _mm512_store_si512(static_cast<__m512i*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("vfmadd213ph %2, %1, %0" : "+v"(a) : "v"(x), "v"(y)); }
};

}  // namespace

extern const ArithmeticKernel k_fp16_avx512;
const ArithmeticKernel k_fp16_avx512 = kernel_of<Halves>("fp16_avx512", "fp16", "flops", "avx512f avx512_fp16", "vfmadd213ph, 512 bits", Recipe::half_fma, 2, 64, 64);

}  // namespace hardscape::measuring
#endif
