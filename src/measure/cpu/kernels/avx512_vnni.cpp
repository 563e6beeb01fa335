#if defined(__x86_64__) && defined(__AVX512VNNI__)
#include <immintrin.h>

#include "measure/cpu/kernels/chain_body.hpp"

namespace hardscape::measuring {
namespace {

struct Dots {
  using Register = __m512i;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = true;
  static Register load(const void* p) { return _mm512_load_si512(static_cast<const __m512i*>(p)); }
  static void store(void* p, Register a) { _mm512_store_si512(static_cast<__m512i*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("vpdpbusd %2, %1, %0" : "+v"(a) : "v"(x), "v"(y)); }
};

}  // namespace

extern const ArithmeticKernel k_int8_avx512_vnni;
const ArithmeticKernel k_int8_avx512_vnni = kernel_of<Dots>("int8_avx512_vnni", "int8", "ops", "avx512f avx512_vnni", "vpdpbusd, 512 bits", Recipe::bytes_us, 4, 64, 128);

}  // namespace hardscape::measuring
#endif
