// Loops that compute in registers only, one file for each instruction set; called only where it is there.
//
// A turn takes every accumulator through `steps` operations that each wait for the one before; different accumulators
// do not wait for each other. Nothing here includes more than plain headers, see memory_kernels.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hardscape::measuring {

// What one step does to an accumulator; the operands alternate between two pairs (x, y).
enum class Recipe {
  fma,          // lane = fma(lane, x, y), rounded once
  mul_add,      // lane = lane * x, rounded; lane + y, rounded
  accumulate,   // lane = fma(x, y, lane), rounded once
  half_fma,     // lane = lane * x + y in FP16; also compared with some slack
  half_accumulate, // lane = x * y + lane in FP16
  bf16_pairs,   // FP32 lane += x0 y0 + x1 y1 over BF16; rounding is the processor's
  bytes_us,     // INT32 lane += sum of four products, x unsigned, y signed, modulo 2^32
  bytes_ss,     // the same, both signed
  bytes_2x2,    // 2 x 2 INT32 += (2 x 8 signed) (8 x 2 signed), in 16 bytes
  tile_bytes,   // four 16 x 16 INT32 tiles += 16 x 64 unsigned times 64 x 16 signed: x1 y1, x1 y2, x2 y1, x2 y2
  tile_bf16,    // four 16 x 16 FP32 tiles += 16 x 32 times 32 x 16 in BF16, the same
};

inline constexpr std::size_t k_operand_bytes = 1024;   // room for each of x1, y1, x2, y2, in this order
inline constexpr int k_most_accumulators = 24;

struct ArithmeticKernel {
  struct Variant {
    int accumulators;             // 0 ends the list
    void (*run)(void* accumulators, const void* operands, std::int64_t turns);
  };
  const char* name;               // "fp32_avx2"
  const char* precision;          // "fp32"
  const char* unit;               // "flops" or "ops"
  const char* needs;              // features of the processor, separated by a space
  const char* instruction;        // for people
  Recipe recipe;
  int lane_bytes;                 // of the accumulator: 2, 4, 8
  int register_bytes;             // of one accumulator that is used
  int steps;                      // in a turn, for each accumulator
  double work;                    // operations of one step on one accumulator
  Variant variants[5];
};

// All of this architecture, narrow ones first; ended by null.
extern const ArithmeticKernel* const k_arithmetic_kernels[];

#if defined(__x86_64__)
// 16 KiB of FP16 numbers to FP32, again and again; the sum keeps the compiler honest. Needs f16c and avx.
float convert_halves(const std::uint16_t* from, std::size_t count, std::int64_t times);
#endif

}  // namespace hardscape::measuring
