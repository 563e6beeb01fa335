#include "measure/cpu/kernels/arithmetic_kernels.hpp"

namespace hardscape::measuring {

#if defined(__x86_64__)
extern const ArithmeticKernel k_fp64_scalar, k_fp64_sse2, k_fp64_avx2, k_fp64_avx512, k_fp32_scalar, k_fp32_sse2, k_fp32_avx2, k_fp32_avx512,
    k_fp16_avx512, k_bf16_avx512, k_bf16_amx, k_int8_avx2, k_int8_avx_vnni, k_int8_avx512, k_int8_avx512_vnni, k_int8_amx;
const ArithmeticKernel* const k_arithmetic_kernels[] = {
    &k_fp64_scalar, &k_fp64_sse2,   &k_fp64_avx2, &k_fp64_avx512, &k_fp32_scalar,   &k_fp32_sse2,   &k_fp32_avx2,        &k_fp32_avx512,
    &k_fp16_avx512, &k_bf16_avx512, &k_bf16_amx,  &k_int8_avx2,   &k_int8_avx_vnni, &k_int8_avx512, &k_int8_avx512_vnni, &k_int8_amx,
    nullptr};
#elif defined(__aarch64__)
extern const ArithmeticKernel k_fp64_neon, k_fp32_neon, k_fp32_sve, k_fp16_neon, k_bf16_neon, k_int8_dotprod, k_int8_i8mm;
const ArithmeticKernel* const k_arithmetic_kernels[] = {&k_fp64_neon, &k_fp32_neon,    &k_fp32_sve,  &k_fp16_neon,
                                                        &k_bf16_neon, &k_int8_dotprod, &k_int8_i8mm, nullptr};
#else
const ArithmeticKernel* const k_arithmetic_kernels[] = {nullptr};
#endif

}  // namespace hardscape::measuring
