#if defined(__x86_64__) && defined(__FMA__)
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
  static void step(Register& a, Register x, Register y) { __asm__("vfmadd213ss %2, %1, %0" : "+x"(a) : "x"(x), "x"(y)); }
};

struct Double {
  using Register = __m128d;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = false;
  static Register load(const void* p) { return _mm_load_pd(static_cast<const double*>(p)); }
  static void store(void* p, Register a) { _mm_store_pd(static_cast<double*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("vfmadd213sd %2, %1, %0" : "+x"(a) : "x"(x), "x"(y)); }
};

}  // namespace

extern const ArithmeticKernel k_fp32_scalar;
const ArithmeticKernel k_fp32_scalar = kernel_of<Single>("fp32_scalar", "fp32", "flops", "fma", "vfmadd213ss, one number", Recipe::fma, 4, 4, 2);
extern const ArithmeticKernel k_fp64_scalar;
const ArithmeticKernel k_fp64_scalar = kernel_of<Double>("fp64_scalar", "fp64", "flops", "fma", "vfmadd213sd, one number", Recipe::fma, 8, 8, 2);

}  // namespace hardscape::measuring
#endif
