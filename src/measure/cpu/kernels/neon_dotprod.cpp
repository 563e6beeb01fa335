#if defined(__aarch64__) && defined(__ARM_FEATURE_DOTPROD)
#include <arm_neon.h>

#include "measure/cpu/kernels/chain_body.hpp"

namespace hardscape::measuring {
namespace {

struct Dots {
  using Register = int32x4_t;
  static constexpr std::size_t k_bytes = sizeof(Register);
  static constexpr bool k_many = true;
  static Register load(const void* p) { return vld1q_s32(static_cast<const std::int32_t*>(p)); }
  static void store(void* p, Register a) { vst1q_s32(static_cast<std::int32_t*>(p), a); }
  static void step(Register& a, Register x, Register y) { __asm__("sdot %0.4s, %1.16b, %2.16b" : "+w"(a) : "w"(x), "w"(y)); }
};

}  // namespace

extern const ArithmeticKernel k_int8_dotprod;
const ArithmeticKernel k_int8_dotprod = kernel_of<Dots>("int8_dotprod", "int8", "ops", "dotprod", "sdot, 128 bits", Recipe::bytes_ss, 4, 16, 32);

}  // namespace hardscape::measuring
#endif
