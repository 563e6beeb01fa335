#if defined(__x86_64__) && defined(__AVXVNNI__)
#include <immintrin.h>

#include "measure/cpu/kernels/chain_body.hpp"

namespace hardscape::measuring {
namespace {

struct Dots {
  using Register = __m256i;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = false;
  static Register load(const void* p) { return _mm256_load_si256(static_cast<const __m256i*>(p)); }
  static void store(void* p, Register a) { _mm256_store_si256(static_cast<__m256i*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("%{vex%} vpdpbusd %2, %1, %0" : "+x"(a) : "x"(x), "x"(y)); }
};

}  // namespace

extern const ArithmeticKernel k_int8_avx_vnni;
const ArithmeticKernel k_int8_avx_vnni = kernel_of<Dots>("int8_avx_vnni", "int8", "ops", "avx_vnni", "vpdpbusd, 256 bits", Recipe::bytes_us, 4, 32, 64);

}  // namespace hardscape::measuring
#endif
