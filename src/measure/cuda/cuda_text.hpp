// The kernels as PTX, NVIDIA's virtual assembly. Pure text; what they compute is told in docs/models.md.
//
// Each names the oldest target that has its instructions, and the oldest version of PTX that has both, so that every
// driver that can run them takes them.
#pragma once

#include <string>

namespace hardscape::cuda {

// Vectors are 16 bytes; a block goes over tiles of 4 x its threads, so buffers must be multiples of k_tile_bytes.
inline constexpr unsigned long long k_tile_bytes = 4ull * 16 * 1024;

// read_sum(u64 a, u64 sums, u64 vectors): sums[thread] = sum of the numbers it read.
// write_pattern(u64 c, u64 vectors, u32 factor): every word of vector v holds v x factor.
// copy(u64 a, u64 c, u64 vectors); triad(u64 a, u64 b, u64 c, f32 s, u64 vectors): c = a + s x b.
std::string memory_text();

enum class Chain { fp64, fp32, fp16x2, dp4a };

// chain(u64 out, u32 steps, constant): every thread runs `chains` chains for `steps` steps, k_unrolled at a time, and
// stores the sum of where they end (dp4a: their exclusive or). The constant is f64, f32, or u32 (two FP16 numbers; the
// four bytes to multiply with). A last parameter of u32, 0 or 1, multiplies where the chains start.
std::string chain_text(Chain chain, int chains);
inline constexpr int k_unrolled = 8;

enum class Tile { fp16, bf16, tf32, fp8, int8 };

struct TileShape {
  int m = 16, n = 8, k = 0;
  int a_words = 4, b_words = 2;   // registers of a thread
  int least_capability = 80;
};
TileShape shape_of(Tile tile);

// tiles(u64 out, u64 data, u32 steps): every warp multiplies fragments that it loads once from `data` (a_words +
// b_words 32-bit words a lane, one lane after the other) and adds to `accumulators` tiles; stores each lane's sum.
// Number i of a lane's accumulators starts as i.
std::string tile_text(Tile tile, int accumulators);

}  // namespace hardscape::cuda
