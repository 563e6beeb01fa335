#include "measure/cuda/cuda_text.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <vector>

namespace hardscape::cuda {
namespace {

std::string head(const char* version, int target) {
  return fmt::format(".version {}\n.target sm_{}\n.address_size 64\n", version, target);
}

// %r0 tile's first vector of this thread, %r1 distance of a thread's vectors, %rd0 vector, %rd1 its end, %rd2 stride.
constexpr const char* k_walk = R"(
  .reg .u32 %r<8>;
  .reg .u64 %rd<24>;
  .reg .f32 %f<48>;
  .reg .pred %p<2>;
  mov.u32 %r0, %ctaid.x;
  mov.u32 %r1, %ntid.x;
  mov.u32 %r2, %tid.x;
  mov.u32 %r3, %nctaid.x;
  mul.wide.u32 %rd0, %r0, %r1;
  shl.b64 %rd0, %rd0, 2;
  cvt.u64.u32 %rd3, %r2;
  add.u64 %rd0, %rd0, %rd3;
  mul.wide.u32 %rd2, %r3, %r1;
  shl.b64 %rd2, %rd2, 2;
  mul.wide.u32 %rd4, %r1, 16;
)";

// Byte offsets %rd10 … %rd13 of the four vectors of this round.
constexpr const char* k_offsets = R"(
  shl.b64 %rd10, %rd0, 4;
  add.u64 %rd11, %rd10, %rd4;
  add.u64 %rd12, %rd11, %rd4;
  add.u64 %rd13, %rd12, %rd4;
)";

std::string parameter(const char* type, int reg, const char* kernel, int index) {
  return fmt::format("  ld.param.{} {}, [{}_{}];\n", type, reg < 0 ? "%f47" : fmt::format("%rd{}", reg), kernel, index);
}

// Loads the four vectors of the buffer at %rd<base> into %f<first> … %f<first + 15>.
std::string loads(int base, int first) {
  std::string text;
  for (int v = 0; v < 4; ++v) {
    text += fmt::format("  add.u64 %rd{}, %rd{}, %rd{};\n", 14 + v, base, 10 + v);
    text += fmt::format("  ld.global.v4.f32 {{%f{}, %f{}, %f{}, %f{}}}, [%rd{}];\n", first + 4 * v, first + 4 * v + 1, first + 4 * v + 2,
                        first + 4 * v + 3, 14 + v);
  }
  return text;
}

std::string stores(int base, int first) {
  std::string text;
  for (int v = 0; v < 4; ++v) {
    text += fmt::format("  add.u64 %rd{}, %rd{}, %rd{};\n", 18 + v, base, 10 + v);
    text += fmt::format("  st.global.v4.f32 [%rd{}], {{%f{}, %f{}, %f{}, %f{}}};\n", 18 + v, first + 4 * v, first + 4 * v + 1, first + 4 * v + 2,
                        first + 4 * v + 3);
  }
  return text;
}

// The loop over tiles around a body.
std::string around(const std::string& body) {
  return std::string("  setp.ge.u64 %p0, %rd0, %rd1;\n  @%p0 bra END;\nLOOP:\n") + k_offsets + body +
         "  add.u64 %rd0, %rd0, %rd2;\n  setp.lt.u64 %p0, %rd0, %rd1;\n  @%p0 bra LOOP;\nEND:\n";
}

std::string entry(const char* name, const std::vector<const char*>& types, const std::string& body) {
  std::string text = fmt::format(".visible .entry {}(", name);
  for (std::size_t i = 0; i < types.size(); ++i) text += fmt::format("{}.param .{} {}_{}", i == 0 ? "" : ", ", types[i], name, i);
  return text + ")\n{\n" + body + "  ret;\n}\n";
}

std::string read_kernel() {
  std::string text = k_walk;
  text += parameter("u64", 5, "read_sum", 0) + parameter("u64", 6, "read_sum", 1) + parameter("u64", 1, "read_sum", 2);
  for (int i = 16; i < 32; ++i) text += fmt::format("  mov.f32 %f{}, 0f00000000;\n", i);
  std::string body = loads(5, 0);
  for (int i = 0; i < 16; ++i) body += fmt::format("  add.f32 %f{}, %f{}, %f{};\n", 16 + i, 16 + i, i);
  text += around(body);
  for (int i = 17; i < 32; ++i) text += fmt::format("  add.f32 %f16, %f16, %f{};\n", i);
  text += R"(  mad.lo.u32 %r4, %r0, %r1, %r2;
  mul.wide.u32 %rd7, %r4, 4;
  add.u64 %rd7, %rd6, %rd7;
  st.global.f32 [%rd7], %f16;
)";
  return entry("read_sum", {"u64", "u64", "u64"}, text);
}

std::string write_kernel() {
  std::string text = k_walk;
  text += parameter("u64", 5, "write_pattern", 0) + parameter("u64", 1, "write_pattern", 1) + "  ld.param.u32 %r5, [write_pattern_2];\n";
  std::string body;
  for (int v = 0; v < 4; ++v) {
    body += fmt::format("  add.u64 %rd{0}, %rd5, %rd{1};\n  shr.u64 %rd22, %rd{1}, 4;\n  cvt.u32.u64 %r6, %rd22;\n  mul.lo.u32 %r6, %r6, %r5;\n", 18 + v, 10 + v);
    body += fmt::format("  st.global.v4.u32 [%rd{}], {{%r6, %r6, %r6, %r6}};\n", 18 + v);
  }
  return entry("write_pattern", {"u64", "u64", "u32"}, text + around(body));
}

std::string copy_kernel() {
  std::string text = k_walk;
  text += parameter("u64", 5, "copy", 0) + parameter("u64", 6, "copy", 1) + parameter("u64", 1, "copy", 2);
  return entry("copy", {"u64", "u64", "u64"}, text + around(loads(5, 0) + stores(6, 0)));
}

std::string triad_kernel() {
  std::string text = k_walk;
  text += parameter("u64", 5, "triad", 0) + parameter("u64", 6, "triad", 1) + parameter("u64", 7, "triad", 2) + parameter("f32", -1, "triad", 3) +
          parameter("u64", 1, "triad", 4);
  std::string body = loads(5, 0) + loads(6, 16);
  for (int i = 0; i < 16; ++i) body += fmt::format("  fma.rn.f32 %f{}, %f47, %f{}, %f{};\n", i, 16 + i, i);
  return entry("triad", {"u64", "u64", "u64", "f32", "u64"}, text + around(body + stores(7, 0)));
}

struct Dialect {
  const char* version;
  int target;
  const char* type;        // of a chain's register and of `out`
  const char* parameter;   // of the constant
  int bytes;
  const char* step;        // {0} chain, c the constant
  const char* join;        // {0} all, {1} one more
};

Dialect dialect_of(Chain chain) {
  switch (chain) {
    case Chain::fp64: return {"6.0", 50, "f64", "f64", 8, "fma.rn.f64 {0}, {0}, {0}, %c;", "add.rn.f64 {0}, {0}, {1};"};
    case Chain::fp32: return {"6.0", 50, "f32", "f32", 4, "fma.rn.f32 {0}, {0}, {0}, %c;", "add.rn.f32 {0}, {0}, {1};"};
    case Chain::fp16x2: return {"6.0", 53, "b32", "b32", 4, "fma.rn.f16x2 {0}, {0}, {0}, %c;", "add.rn.f16x2 {0}, {0}, {1};"};
    case Chain::dp4a: return {"6.0", 61, "b32", "b32", 4, "dp4a.s32.s32 {0}, {0}, %c, {0};", "xor.b32 {0}, {0}, {1};"};
  }
  return {};
}

// Puts the start of chain number %k (or, for pairs, of the pair's first) times %scale into a register.
std::string start(Chain chain, const std::string& x) {
  const auto fraction = [&](const char* number) {
    // 0.25 + (number & 127) / 256, exact.
    return fmt::format("  and.b32 %t, {}, 127;\n  cvt.rn.f32.u32 %g, %t;\n  fma.rn.f32 %g, %g, 0f3B800000, 0f3E800000;\n  mul.f32 %g, %g, %gs;\n", number);
  };
  switch (chain) {
    case Chain::fp64: return fraction("%k") + fmt::format("  cvt.f64.f32 {}, %g;\n  add.u32 %k, %k, 1;\n", x);
    case Chain::fp32: return fraction("%k") + fmt::format("  mov.f32 {}, %g;\n  add.u32 %k, %k, 1;\n", x);
    case Chain::fp16x2:
      return fraction("%k") + "  cvt.rn.f16.f32 %h0, %g;\n  add.u32 %k, %k, 1;\n" + fraction("%k") +
             fmt::format("  cvt.rn.f16.f32 %h1, %g;\n  add.u32 %k, %k, 1;\n  mov.b32 {}, {{%h0, %h1}};\n", x);
    case Chain::dp4a:
      return fmt::format("  mad.lo.u32 %t, %k, 0x9e3779b1, 0x3c6ef372;\n  mul.lo.u32 {}, %t, %s;\n  add.u32 %k, %k, 1;\n", x);
  }
  return {};
}

struct TileDialect {
  const char* version;
  int target;
  const char* instruction;
  bool integer;
};

TileDialect tile_dialect_of(Tile tile) {
  switch (tile) {
    case Tile::fp16: return {"7.0", 80, "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32", false};
    case Tile::bf16: return {"7.0", 80, "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", false};
    case Tile::tf32: return {"7.0", 80, "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", false};
    case Tile::fp8: return {"8.4", 89, "mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e4m3.f32", false};
    case Tile::int8: return {"7.0", 80, "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32", true};
  }
  return {};
}

}  // namespace

std::string memory_text() { return head("6.0", 50) + read_kernel() + write_kernel() + copy_kernel() + triad_kernel(); }

std::string chain_text(Chain chain, int chains) {
  const Dialect dialect = dialect_of(chain);
  const int numbers = chain == Chain::fp16x2 ? 2 * chains : chains;
  std::string body = fmt::format(R"(
  .reg .u32 %k, %t, %i, %n, %s;
  .reg .u32 %r<4>;
  .reg .u64 %out, %at;
  .reg .f32 %g, %gs;
  .reg .b16 %h<2>;
  .reg .pred %p;
  .reg .{0} %c, %x<{1}>;
  ld.param.u64 %out, [chain_0];
  ld.param.u32 %n, [chain_1];
  ld.param.{2} %c, [chain_2];
  ld.param.u32 %s, [chain_3];
  cvt.rn.f32.u32 %gs, %s;
  mov.u32 %r0, %ctaid.x;
  mov.u32 %r1, %ntid.x;
  mov.u32 %r2, %tid.x;
  mad.lo.u32 %r3, %r0, %r1, %r2;
  mul.lo.u32 %k, %r3, {3};
)",
                                 dialect.type, chains, dialect.parameter, numbers);
  for (int i = 0; i < chains; ++i) body += start(chain, fmt::format("%x{}", i));
  body += "  mov.u32 %i, 0;\nLOOP:\n";
  for (int unrolled = 0; unrolled < k_unrolled; ++unrolled) {
    for (int i = 0; i < chains; ++i) body += "  " + fmt::format(fmt::runtime(dialect.step), fmt::format("%x{}", i)) + "\n";
  }
  body += fmt::format("  add.u32 %i, %i, {};\n  setp.lt.u32 %p, %i, %n;\n  @%p bra LOOP;\n", k_unrolled);
  for (int i = 1; i < chains; ++i) body += "  " + fmt::format(fmt::runtime(dialect.join), "%x0", fmt::format("%x{}", i)) + "\n";
  body += fmt::format("  mul.wide.u32 %at, %r3, {};\n  add.u64 %at, %out, %at;\n  st.global.{} [%at], %x0;\n", dialect.bytes, dialect.type);
  return head(dialect.version, dialect.target) + entry("chain", {"u64", "u32", dialect.parameter, "u32"}, body);
}

TileShape shape_of(Tile tile) {
  TileShape shape;
  shape.k = tile == Tile::tf32 ? 8 : tile == Tile::fp16 || tile == Tile::bf16 ? 16 : 32;
  shape.least_capability = tile == Tile::fp8 ? 89 : 80;
  return shape;
}

std::string tile_text(Tile tile, int accumulators) {
  const TileDialect dialect = tile_dialect_of(tile);
  const char* const type = dialect.integer ? "b32" : "f32";
  std::string body = fmt::format(R"(
  .reg .u32 %r<4>;
  .reg .u32 %i, %n;
  .reg .u64 %out, %data, %at;
  .reg .pred %p;
  .reg .b32 %a<4>, %b<2>;
  .reg .{0} %d<{1}>;
  ld.param.u64 %out, [tiles_0];
  ld.param.u64 %data, [tiles_1];
  ld.param.u32 %n, [tiles_2];
  mov.u32 %r0, %ctaid.x;
  mov.u32 %r1, %ntid.x;
  mov.u32 %r2, %tid.x;
  mad.lo.u32 %r3, %r0, %r1, %r2;
  and.b32 %r2, %r2, 31;
  mul.wide.u32 %at, %r2, 24;
  add.u64 %at, %data, %at;
  ld.global.b32 %a0, [%at];
  ld.global.b32 %a1, [%at+4];
  ld.global.b32 %a2, [%at+8];
  ld.global.b32 %a3, [%at+12];
  ld.global.b32 %b0, [%at+16];
  ld.global.b32 %b1, [%at+20];
)",
                                 type, 4 * accumulators);
  // Tiles that start alike would be one tile to the assembler.
  for (int i = 0; i < 4 * accumulators; ++i) {
    if (dialect.integer) body += fmt::format("  mov.b32 %d{}, {};\n", i, i);
    else body += fmt::format("  mov.f32 %d{}, 0f{:08X};\n", i, std::bit_cast<std::uint32_t>(static_cast<float>(i)));
  }
  body += "  mov.u32 %i, 0;\nLOOP:\n";
  for (int i = 0; i < accumulators; ++i) {
    const std::string d = fmt::format("{{%d{}, %d{}, %d{}, %d{}}}", 4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3);
    body += fmt::format("  {} {}, {{%a0, %a1, %a2, %a3}}, {{%b0, %b1}}, {};\n", dialect.instruction, d, d);
  }
  body += "  add.u32 %i, %i, 1;\n  setp.lt.u32 %p, %i, %n;\n  @%p bra LOOP;\n";
  for (int i = 1; i < 4 * accumulators; ++i) body += fmt::format("  {} %d0, %d0, %d{};\n", dialect.integer ? "add.u32" : "add.f32", i);
  body += fmt::format("  mul.wide.u32 %at, %r3, 4;\n  add.u64 %at, %out, %at;\n  st.global.{} [%at], %d0;\n", type);
  return head(dialect.version, dialect.target) + entry("tiles", {"u64", "u64", "u32"}, body);
}

}  // namespace hardscape::cuda
