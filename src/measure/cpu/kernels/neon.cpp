#if defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>

#include "measure/cpu/kernels/chain_body.hpp"

namespace hardscape::measuring {
namespace {

struct Single {
  using Register = float32x4_t;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = true;
  static Register load(const void* p) { return vld1q_f32(static_cast<const float*>(p)); }
  static void store(void* p, Register a) { vst1q_f32(static_cast<float*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("fmla %0.4s, %1.4s, %2.4s" : "+w"(a) : "w"(x), "w"(y)); }
};

struct Double {
  using Register = float64x2_t;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = true;
  static Register load(const void* p) { return vld1q_f64(static_cast<const double*>(p)); }
  static void store(void* p, Register a) { vst1q_f64(static_cast<double*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("fmla %0.2d, %1.2d, %2.2d" : "+w"(a) : "w"(x), "w"(y)); }
};

}  // namespace

extern const ArithmeticKernel k_fp32_neon;
const ArithmeticKernel k_fp32_neon = kernel_of<Single>("fp32_neon", "fp32", "flops", "neon", "fmla, 128 bits", Recipe::accumulate, 4, 16, 8);
extern const ArithmeticKernel k_fp64_neon;
const ArithmeticKernel k_fp64_neon = kernel_of<Double>("fp64_neon", "fp64", "flops", "neon", "fmla, 128 bits", Recipe::accumulate, 8, 16, 4);

}  // namespace hardscape::measuring
#endif
