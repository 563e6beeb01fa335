#if defined(__aarch64__)
#include <arm_neon.h>

#include "measure/cpu/kernels/memory_body.hpp"

namespace hardscape::measuring {
namespace {

struct V {
  using Word = uint64x2_t;
  using Real = float64x2_t;
  static constexpr std::size_t k_bytes = 16;
  static constexpr bool k_around = false;  // Armv8 writes whole lines without reading them when they come in order
  static Word zero() { return vdupq_n_u64(0); }
  static Word load_words(const void* p) { return vld1q_u64(static_cast<const std::uint64_t*>(p)); }
  static void store_words(void* p, Word x) { vst1q_u64(static_cast<std::uint64_t*>(p), x); }
  static Word add_words(Word a, Word b) { return vaddq_u64(a, b); }
  static Real load(const double* p) { return vld1q_f64(p); }
  static void store(double* p, Real x) { vst1q_f64(p, x); }
  static Real spread(double x) { return vdupq_n_f64(x); }
  static Real fma(Real a, Real b, Real c) { return vfmaq_f64(c, a, b); }
};

}  // namespace

const MemoryKernels k_memory_neon = kernels_with<V>("NEON", "neon");

}  // namespace hardscape::measuring
#endif
