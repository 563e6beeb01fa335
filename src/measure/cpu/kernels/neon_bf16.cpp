#if defined(__aarch64__) && defined(__ARM_FEATURE_BF16_VECTOR_ARITHMETIC)
#include <arm_neon.h>

#include "measure/cpu/kernels/chain_body.hpp"

namespace hardscape::measuring {
namespace {

struct Pairs {
  using Register = float32x4_t;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = true;
  static Register load(const void* p) { return vld1q_f32(static_cast<const float*>(p)); }
  static void store(void* p, Register a) { vst1q_f32(static_cast<float*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("bfdot %0.4s, %1.8h, %2.8h" : "+w"(a) : "w"(x), "w"(y)); }
};

}  // namespace

extern const ArithmeticKernel k_bf16_neon;
const ArithmeticKernel k_bf16_neon = kernel_of<Pairs>("bf16_neon", "bf16", "flops", "bf16", "bfdot, 128 bits", Recipe::bf16_pairs, 4, 16, 16);

}  // namespace hardscape::measuring
#endif
