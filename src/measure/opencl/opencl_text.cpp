#include "measure/opencl/opencl_text.hpp"

#include <fmt/format.h>

namespace hardscape::opencl {
namespace {

// Sum (or exclusive or) of the lanes of `v`, in their order.
std::string folded(const std::string& v, int width, const char* sign) {
  if (width == 1) return v;
  std::string text;
  for (int lane = 0; lane < width; ++lane) text += fmt::format("{}{}.s{:x}", lane == 0 ? "" : sign, v, lane);
  return text;
}

constexpr const char* k_fill = R"(
kernel void fill(global float* a, ulong n, ulong first, uint zero) {
  for (ulong i = get_global_id(0); i < n; i += get_global_size(0)) {
    ulong z = (first + i + 1) * 0x9e3779b97f4a7c15UL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
    z ^= z >> 31;
    int s = (int)(z & 0xffff) + (int)((z >> 16) & 0xffff) + (int)((z >> 32) & 0xffff) + (int)(z >> 48) - 131070;
    a[i] = zero ? 0.0f : (float)s * (1.0f / 32768);
  }
}
#define WALK \
  ulong g = get_global_id(0), step = chunk ? 1 : get_global_size(0); \
  ulong i = chunk ? g * chunk : g, end = chunk ? min(n, i + chunk) : n;
)";

// {0} type, {1} width, {2} sum of the lanes of s0, {3} unsigned type
constexpr const char* k_memory = R"(
kernel void read_{1}(global const {0}* a, global float* out, ulong n, ulong chunk) {{
  WALK
  {0} s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (; i + 3 * step < end; i += 4 * step) {{
    s0 += a[i]; s1 += a[i + step]; s2 += a[i + 2 * step]; s3 += a[i + 3 * step];
  }}
  for (; i < end; i += step) s0 += a[i];
  s0 += s1 + s2 + s3;
  out[g] = {2};
}}
kernel void write_{1}(global {3}* a, ulong n, ulong chunk, uint zero) {{
  WALK
  uint factor = zero ? 0 : 0x9e3779b1u;
  for (; i < end; i += step) a[i] = ({3})((uint)i * factor);
}}
kernel void copy_{1}(global const {0}* a, global {0}* b, ulong n, ulong chunk) {{
  WALK
  for (; i < end; i += step) b[i] = a[i];
}}
kernel void triad_{1}(global const {0}* a, global const {0}* b, global {0}* c, float s, ulong n, ulong chunk) {{
  WALK
  for (; i < end; i += step) c[i] = a[i] + s * b[i];
}}
)";

struct Dialect {
  const char* element;
  const char* constant;    // type of the argument
  const char* pragma;
  const char* start;       // of chain number k, in lane order
  const char* step;        // {0} the chain
  bool integer;
};

Dialect dialect_of(Arithmetic arithmetic) {
  switch (arithmetic) {
    case Arithmetic::fp64:
      return {"double", "double", "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n", "scale * (0.25 + (double)((k) & 127) / 256)",
              "{0} = fma({0}, {0}, c);", false};
    case Arithmetic::fp32:
      return {"float", "float", "", "scale * (0.25f + (float)((k) & 127) / 256)", "{0} = fma({0}, {0}, c);", false};
    case Arithmetic::fp32_mad:
      return {"float", "float", "", "scale * (0.25f + (float)((k) & 127) / 256)", "{0} = mad({0}, {0}, c);", false};
    case Arithmetic::fp16:
      return {"half", "float", "#pragma OPENCL EXTENSION cl_khr_fp16 : enable\n",
              "(half)(scale * (0.25f + (float)((k) & 127) / 256))", "{0} = fma({0}, {0}, c);", false};
    case Arithmetic::dot4:
      return {"uint", "uint", "", "(uint)scale * ((k) * 0x9e3779b1u + 0x3c6ef372u)",
              "{0} = (uint)dot_acc_sat_4x8packed_ss_int({0}, c, (int){0});", true};
    case Arithmetic::char_mad:
      return {"char", "int", "", "(char)((int)scale * ((k) * 37 + 11))", "{0} = {0} * {0} + c;", true};
  }
  return {};
}

}  // namespace

std::string vector_type(const char* element, int width) {
  return width == 1 ? std::string(element) : fmt::format("{}{}", element, width);
}

std::string ChainVariant::name() const { return fmt::format("chain_{}x{}", width, chains); }

std::string memory_text(const std::vector<int>& widths) {
  std::string text = k_fill;
  for (const int width : widths)
    text += fmt::format(k_memory, vector_type("float", width), width, folded("s0", width, " + "), vector_type("uint", width));
  return text;
}

std::string chain_text(Arithmetic arithmetic, const std::vector<ChainVariant>& variants) {
  const Dialect dialect = dialect_of(arithmetic);
  std::string text = dialect.pragma;
  text += fmt::format("#define START(k) {}\n", dialect.start);
  for (const ChainVariant& variant : variants) {
    const std::string type = vector_type(dialect.element, variant.width);
    text += fmt::format("kernel void {}(global {}* out, {} constant_in, uint steps, float scale) {{\n", variant.name(),
                        dialect.element, dialect.constant);
    text += fmt::format("  uint first = (uint)get_global_id(0) * {};\n", variant.width * variant.chains);
    text += fmt::format("  {} c = ({})({})constant_in;\n", type, type, dialect.element);
    for (int chain = 0; chain < variant.chains; ++chain) {
      text += fmt::format("  {} x{} = ({})(", type, chain, type);
      for (int lane = 0; lane < variant.width; ++lane)
        text += fmt::format("{}START(first + {})", lane == 0 ? "" : ", ", chain * variant.width + lane);
      text += ");\n";
    }
    text += fmt::format("  for (uint i = 0; i < steps; i += {}) {{\n", k_unrolled);
    for (int unrolled = 0; unrolled < k_unrolled; ++unrolled) {
      text += "    ";
      for (int chain = 0; chain < variant.chains; ++chain) text += fmt::format(fmt::runtime(dialect.step), fmt::format("x{}", chain)) + ' ';
      text += '\n';
    }
    text += "  }\n";
    for (int chain = 1; chain < variant.chains; ++chain) text += fmt::format("  x0 {} x{};\n", dialect.integer ? "^=" : "+=", chain);
    text += fmt::format("  out[get_global_id(0)] = {};\n}}\n", folded("x0", variant.width, dialect.integer ? " ^ " : " + "));
  }
  return text;
}

}  // namespace hardscape::opencl
