#if defined(__x86_64__) && defined(__AVX512BF16__)
#include <immintrin.h>

#include "measure/cpu/kernels/chain_body.hpp"

namespace hardscape::measuring {
namespace {

struct Pairs {
  using Register = __m512;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = true;
  static Register load(const void* p) { return _mm512_load_ps(static_cast<const float*>(p)); }
  static void store(void* p, Register a) { _mm512_store_ps(static_cast<float*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("vdpbf16ps %2, %1, %0" : "+v"(a) : "v"(x), "v"(y)); }
};

}  // namespace

extern const ArithmeticKernel k_bf16_avx512;
const ArithmeticKernel k_bf16_avx512 = kernel_of<Pairs>("bf16_avx512", "bf16", "flops", "avx512f avx512_bf16", "vdpbf16ps, 512 bits", Recipe::bf16_pairs, 4, 64, 64);

}  // namespace hardscape::measuring
#endif
