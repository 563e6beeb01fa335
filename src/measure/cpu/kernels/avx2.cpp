#if defined(__x86_64__) && defined(__AVX2__)
#include <immintrin.h>

#include "measure/cpu/kernels/chain_body.hpp"

namespace hardscape::measuring {
namespace {

struct Single {
  using Register = __m256;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = false;
  static Register load(const void* p) { return _mm256_load_ps(static_cast<const float*>(p)); }
  static void store(void* p, Register a) { _mm256_store_ps(static_cast<float*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("vfmadd213ps %2, %1, %0" : "+x"(a) : "x"(x), "x"(y)); }
};

struct Double {
  using Register = __m256d;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = false;
  static Register load(const void* p) { return _mm256_load_pd(static_cast<const double*>(p)); }
  static void store(void* p, Register a) { _mm256_store_pd(static_cast<double*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("vfmadd213pd %2, %1, %0" : "+x"(a) : "x"(x), "x"(y)); }
};

struct Bytes {
  using Register = __m256i;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = false;
  static Register load(const void* p) { return _mm256_load_si256(static_cast<const Register*>(p)); }
  static void store(void* p, Register a) { _mm256_store_si256(static_cast<Register*>(p), a); }
  // Products of bytes to 16 bits, pairs of those to 32, then the sum: three instructions for what VNNI does in one.
  static void step(Register& a, Register x, Register y) {
    Register pairs;
    const Register ones = _mm256_set1_epi16(1);
    __asm__("vpmaddubsw %3, %2, %1\n\tvpmaddwd %4, %1, %1\n\tvpaddd %1, %0, %0" : "+x"(a), "=&x"(pairs) : "x"(x), "x"(y), "x"(ones));
  }
};

}  // namespace

extern const ArithmeticKernel k_fp32_avx2;
const ArithmeticKernel k_fp32_avx2 = kernel_of<Single>("fp32_avx2", "fp32", "flops", "avx2 fma", "vfmadd213ps, 256 bits", Recipe::fma, 4, 32, 16);
extern const ArithmeticKernel k_fp64_avx2;
const ArithmeticKernel k_fp64_avx2 = kernel_of<Double>("fp64_avx2", "fp64", "flops", "avx2 fma", "vfmadd213pd, 256 bits", Recipe::fma, 8, 32, 8);
extern const ArithmeticKernel k_int8_avx2;
const ArithmeticKernel k_int8_avx2 = kernel_of<Bytes>("int8_avx2", "int8", "ops", "avx2", "vpmaddubsw, vpmaddwd and vpaddd, 256 bits", Recipe::bytes_us, 4, 32, 64);

}  // namespace hardscape::measuring
#endif
