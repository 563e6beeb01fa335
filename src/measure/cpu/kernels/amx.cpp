// Intel's matrix unit: eight tiles of 16 rows of 64 bytes; four accumulate, two hold rows, two hold columns.
// clang writes the macros without the second underscore before version 16.
#if defined(__x86_64__) && (defined(__AMX_INT8__) || defined(__AMXINT8__)) && (defined(__AMX_BF16__) || defined(__AMXBF16__))
#include <immintrin.h>

#include "measure/cpu/kernels/arithmetic_kernels.hpp"

namespace hardscape::measuring {
namespace {

struct alignas(64) TileConfig {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t bytes_in_row[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

// The tiles' numbers are part of the instructions, so the loop is written out for each kind of product.
#define HARDSCAPE_TILES(name, product)                                                   \
  void name(void* accumulators, const void* operands, std::int64_t turns) {              \
    const TileConfig config;                                                             \
    _tile_loadconfig(&config);                                                           \
    auto* acc = static_cast<unsigned char*>(accumulators);                               \
    const auto* given = static_cast<const unsigned char*>(operands);                     \
    _tile_loadd(0, acc, 64);                                                             \
    _tile_loadd(1, acc + 1024, 64);                                                      \
    _tile_loadd(2, acc + 2048, 64);                                                      \
    _tile_loadd(3, acc + 3072, 64);                                                      \
    _tile_loadd(4, given, 64);                                                           \
    _tile_loadd(6, given + k_operand_bytes, 64);                                         \
    _tile_loadd(5, given + 2 * k_operand_bytes, 64);                                     \
    _tile_loadd(7, given + 3 * k_operand_bytes, 64);                                     \
    for (; turns > 0; --turns) {                                                         \
      product(0, 4, 6);                                                                  \
      product(1, 4, 7);                                                                  \
      product(2, 5, 6);                                                                  \
      product(3, 5, 7);                                                                  \
    }                                                                                    \
    _tile_stored(0, acc, 64);                                                            \
    _tile_stored(1, acc + 1024, 64);                                                     \
    _tile_stored(2, acc + 2048, 64);                                                     \
    _tile_stored(3, acc + 3072, 64);                                                     \
    _tile_release();                                                                     \
  }
HARDSCAPE_TILES(bytes_turns, _tile_dpbusd)
HARDSCAPE_TILES(bf16_turns, _tile_dpbf16ps)
#undef HARDSCAPE_TILES

}  // namespace

extern const ArithmeticKernel k_int8_amx;
const ArithmeticKernel k_int8_amx{"int8_amx", "int8", "ops", "amx_tile amx_int8", "tdpbusd on 16 x 64 tiles", Recipe::tile_bytes, 4, 1024, 1,
                                  2.0 * 16 * 16 * 64, {{4, bytes_turns}, {0, nullptr}}};
extern const ArithmeticKernel k_bf16_amx;
const ArithmeticKernel k_bf16_amx{"bf16_amx", "bf16", "flops", "amx_tile amx_bf16", "tdpbf16ps on 16 x 32 tiles", Recipe::tile_bf16, 4, 1024, 1,
                                  2.0 * 16 * 16 * 32, {{4, bf16_turns}, {0, nullptr}}};

}  // namespace hardscape::measuring
#endif
