// Vectors whose length the processor decides; eight accumulators in fixed registers, as the compiler cannot keep arrays
// of such vectors.
#if defined(__aarch64__) && defined(__ARM_FEATURE_SVE)
#include <arm_sve.h>

#include "measure/cpu/kernels/arithmetic_kernels.hpp"

namespace hardscape::measuring {
namespace {

void turns_of_eight(void* accumulators, const void* operands, std::int64_t turns) {
  auto* at = static_cast<float*>(accumulators);
  const auto* given = static_cast<const float*>(operands);
  constexpr std::size_t k_operand = k_operand_bytes / sizeof(float);
  const svbool_t all = svptrue_b32();
  const std::size_t lanes = svcntw();
  const svfloat32_t x1 = svld1(all, given), y1 = svld1(all, given + k_operand), x2 = svld1(all, given + 2 * k_operand), y2 = svld1(all, given + 3 * k_operand);
  svfloat32_t a = svld1(all, at), b = svld1(all, at + lanes), c = svld1(all, at + 2 * lanes), d = svld1(all, at + 3 * lanes);
  svfloat32_t e = svld1(all, at + 4 * lanes), f = svld1(all, at + 5 * lanes), g = svld1(all, at + 6 * lanes), h = svld1(all, at + 7 * lanes);
#define HARDSCAPE_STEP(r, x, y) __asm__("fmla %0.s, %3/m, %1.s, %2.s" : "+w"(r) : "w"(x), "w"(y), "Upl"(all))
  for (; turns > 0; --turns) {
    HARDSCAPE_STEP(a, x1, y1); HARDSCAPE_STEP(b, x1, y1); HARDSCAPE_STEP(c, x1, y1); HARDSCAPE_STEP(d, x1, y1);
    HARDSCAPE_STEP(e, x1, y1); HARDSCAPE_STEP(f, x1, y1); HARDSCAPE_STEP(g, x1, y1); HARDSCAPE_STEP(h, x1, y1);
    HARDSCAPE_STEP(a, x2, y2); HARDSCAPE_STEP(b, x2, y2); HARDSCAPE_STEP(c, x2, y2); HARDSCAPE_STEP(d, x2, y2);
    HARDSCAPE_STEP(e, x2, y2); HARDSCAPE_STEP(f, x2, y2); HARDSCAPE_STEP(g, x2, y2); HARDSCAPE_STEP(h, x2, y2);
  }
#undef HARDSCAPE_STEP
  svst1(all, at, a), svst1(all, at + lanes, b), svst1(all, at + 2 * lanes, c), svst1(all, at + 3 * lanes, d);
  svst1(all, at + 4 * lanes, e), svst1(all, at + 5 * lanes, f), svst1(all, at + 6 * lanes, g), svst1(all, at + 7 * lanes, h);
}

}  // namespace

// register_bytes and work are 0: they follow from sve_bytes().
extern const ArithmeticKernel k_fp32_sve;
const ArithmeticKernel k_fp32_sve{"fp32_sve", "fp32", "flops", "sve", "fmla, vectors of the processor's length", Recipe::accumulate, 4, 0, 2, 0,
                                  {{8, turns_of_eight}, {0, nullptr}}};
int sve_bytes() { return static_cast<int>(svcntb()); }

}  // namespace hardscape::measuring
#endif
