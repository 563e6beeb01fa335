#if defined(__x86_64__) && defined(__AVX512BW__)
#include <immintrin.h>

#include "measure/cpu/kernels/chain_body.hpp"

namespace hardscape::measuring {
namespace {

struct Bytes {
  using Register = __m512i;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = true;
  static Register load(const void* p) { return _mm512_load_si512(static_cast<const Register*>(p)); }
  static void store(void* p, Register a) { _mm512_store_si512(static_cast<Register*>(p), a); }
  // Products of bytes to 16 bits, pairs of those to 32, then the sum: three instructions for what VNNI does in one.
  static void step(Register& a, Register x, Register y) {
    Register pairs;
    const Register ones = _mm512_set1_epi16(1);
    __asm__("vpmaddubsw %3, %2, %1\n\tvpmaddwd %4, %1, %1\n\tvpaddd %1, %0, %0" : "+v"(a), "=&v"(pairs) : "v"(x), "v"(y), "v"(ones));
  }
};

}  // namespace

extern const ArithmeticKernel k_int8_avx512;
const ArithmeticKernel k_int8_avx512 = kernel_of<Bytes>("int8_avx512", "int8", "ops", "avx512f avx512bw", "vpmaddubsw, vpmaddwd and vpaddd, 512 bits", Recipe::bytes_us, 4, 64, 128);

}  // namespace hardscape::measuring
#endif
