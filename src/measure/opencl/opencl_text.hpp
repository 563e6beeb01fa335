// The kernels in OpenCL C. Pure text; what they compute is told in docs/models.md.
#pragma once

#include <string>
#include <vector>

namespace hardscape::opencl {

// "float4", and "float" for one.
std::string vector_type(const char* element, int width);

// Kernels `fill(a, n, first, zero)` (normal_at(first + i)) and, for each width W, read_W, write_W, copy_W, triad_W.
//
// All take their vectors in one of two orders: `chunk` 0 lets neighbouring work-items take neighbouring vectors (GPUs),
// another gives each work-item so many in a row (processors).
std::string memory_text(const std::vector<int>& widths);

// One kernel of arithmetic: `chains` independent chains of vectors of `width`.
struct ChainVariant {
  int width = 1;
  int chains = 1;

  std::string name() const;         // kernel's name: "chain_4x8"
};

enum class Arithmetic {
  fp64,
  fp32,
  fp16,
  fp32_mad,  // where fma() is emulated in software: a product and a sum, rounded as the device likes
  dot4,      // four 8-bit products summed into 32 bits (cl_khr_integer_dot_product)
  char_mad,  // 8-bit products and sums, without that extension
};

// Kernels chain_WxC(out, constant, steps, scale): every work-item runs its chains for `steps` steps, k_unrolled at a
// time, and stores the sum of where they end (integers: their exclusive or).
std::string chain_text(Arithmetic arithmetic, const std::vector<ChainVariant>& variants);
inline constexpr int k_unrolled = 8;

// The second factor of the 8-bit dot products.
inline constexpr unsigned k_dot_factor = 0x5b7f3d69;
// The constant of the 8-bit products.
inline constexpr int k_char_constant = 0x2d;

}  // namespace hardscape::opencl
