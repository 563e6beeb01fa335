// Matrix products of libraries that are opened at run time; nothing is linked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "hardscape/host.hpp"

namespace hardscape::measuring {

enum class GemmType { fp32, fp64, bf16, bytes };

struct GemmKind {
  const char* kernel;         // "gemm_fp32"
  const char* precision;
  const char* unit;
  GemmType type;
  std::size_t input_bytes, output_bytes;   // of one number
  double tolerance;           // of a result, against the sum of the absolute terms
};
std::span<const GemmKind> gemm_kinds();

// Row-major square matrices: c = a b. Integers: a unsigned, b signed, c 32 bits.
struct Gemm {
  std::string library;        // "OpenBLAS 0.3.21, Zen kernels"
  std::function<Status(std::int64_t side, const void* a, const void* b, void* c)> multiply;
};

// unsupported: no library here has it; the message says what to install.
Status open_gemm(const Host& host, const GemmKind& kind, int threads, Gemm& out);

// A standard normal number as the kind's inputs hold it; bytes are scaled and clamped, unsigned ones below 128.
void put_number(const GemmKind& kind, bool is_a, unsigned char* matrix, std::size_t index, double normal);
double number_at(const GemmKind& kind, bool is_a, const unsigned char* matrix, std::size_t index);
double output_at(const GemmKind& kind, const unsigned char* matrix, std::size_t index);

}  // namespace hardscape::measuring
