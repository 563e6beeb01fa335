// Loops that move memory, one set for each instruction set; compiled with its own flags, called only where it is there.
//
// Sizes are in bytes and multiples of 512; addresses are on 64-byte boundaries. Nothing here includes more than plain
// C headers: an inline function compiled with these flags must not reach the rest of the program.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hardscape::measuring {

struct MemoryKernels {
  const char* name;                 // "AVX2"
  const char* needs;                // features of the processor, separated by a space
  // Sum of all 64-bit words, modulo 2^64: so that nothing can be left out, and can be checked.
  std::uint64_t (*read)(const void* from, std::size_t bytes);
  // Fills with the eight words of `pattern`.
  void (*write)(void* to, std::size_t bytes, const std::uint64_t* pattern);
  void (*write_around)(void* to, std::size_t bytes, const std::uint64_t* pattern);   // past the caches; may be null
  void (*copy)(void* to, const void* from, std::size_t bytes);
  void (*copy_around)(void* to, const void* from, std::size_t bytes);
  // to[i] = b[i] + factor * c[i] over doubles.
  void (*triad)(double* to, const double* b, const double* c, double factor, std::size_t bytes);
  void (*triad_around)(double* to, const double* b, const double* c, double factor, std::size_t bytes);
};

extern const MemoryKernels k_memory_plain;
#if defined(__x86_64__)
extern const MemoryKernels k_memory_sse2;
extern const MemoryKernels k_memory_avx2;
extern const MemoryKernels k_memory_avx512;
#elif defined(__aarch64__)
extern const MemoryKernels k_memory_neon;
#endif

}  // namespace hardscape::measuring
