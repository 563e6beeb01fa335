#if defined(__aarch64__) && defined(__ARM_FEATURE_FP16_VECTOR_ARITHMETIC)
#include <arm_neon.h>

#include "measure/cpu/kernels/chain_body.hpp"

namespace hardscape::measuring {
namespace {

struct Halves {
  using Register = uint16x8_t;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = true;
  static Register load(const void* p) { return vld1q_u16(static_cast<const std::uint16_t*>(p)); }
  static void store(void* p, Register a) { vst1q_u16(static_cast<std::uint16_t*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("fmla %0.8h, %1.8h, %2.8h" : "+w"(a) : "w"(x), "w"(y)); }
};

}  // namespace

extern const ArithmeticKernel k_fp16_neon;
const ArithmeticKernel k_fp16_neon = kernel_of<Halves>("fp16_neon", "fp16", "flops", "fp16", "fmla, 128 bits", Recipe::half_accumulate, 2, 16, 16);

}  // namespace hardscape::measuring
#endif
