#if defined(__aarch64__) && defined(__ARM_FEATURE_MATMUL_INT8)
#include <arm_neon.h>

#include "measure/cpu/kernels/chain_body.hpp"

namespace hardscape::measuring {
namespace {

struct Squares {
  using Register = int32x4_t;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = true;
  static Register load(const void* p) { return vld1q_s32(static_cast<const std::int32_t*>(p)); }
  static void store(void* p, Register a) { vst1q_s32(static_cast<std::int32_t*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("smmla %0.4s, %1.16b, %2.16b" : "+w"(a) : "w"(x), "w"(y)); }
};

}  // namespace

extern const ArithmeticKernel k_int8_i8mm;
const ArithmeticKernel k_int8_i8mm = kernel_of<Squares>("int8_i8mm", "int8", "ops", "i8mm", "smmla, 128 bits", Recipe::bytes_2x2, 4, 16, 64);

}  // namespace hardscape::measuring
#endif
