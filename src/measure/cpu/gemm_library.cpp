#include "measure/cpu/gemm_library.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/text.hpp"
#include "measure/cpu/reference.hpp"

namespace hardscape::measuring {
namespace {

constexpr GemmKind k_gemm_kinds[] = {
    {"gemm_fp64", "fp64", "flops", GemmType::fp64, 8, 8, 1e-13},
    {"gemm_fp32", "fp32", "flops", GemmType::fp32, 4, 4, 1e-5},
    {"gemm_bf16", "bf16", "flops", GemmType::bf16, 2, 4, 1e-4},
    {"gemm_int8", "int8", "ops", GemmType::bytes, 1, 4, 0},
};

// The C interface of BLAS (netlib cblas.h): row major is 101, no transposition 111; indices are int.
constexpr int k_row_major = 101, k_as_is = 111;
using Sgemm = void(int, int, int, int, int, int, float, const float*, int, const float*, int, float, float*, int);
using Dgemm = void(int, int, int, int, int, int, double, const double*, int, const double*, int, double, double*, int);
// oneDNN's (dnnl.h, the same in versions 1 to 3): row major, 0 is success.
using DnnlSgemm = int(char, char, std::int64_t, std::int64_t, std::int64_t, float, const float*, std::int64_t, const float*, std::int64_t, float, float*, std::int64_t);
using DnnlBf16 = int(char, char, std::int64_t, std::int64_t, std::int64_t, float, const std::uint16_t*, std::int64_t, const std::uint16_t*, std::int64_t, float, float*,
                     std::int64_t);
using DnnlBytes = int(char, char, char, std::int64_t, std::int64_t, std::int64_t, float, const std::uint8_t*, std::int64_t, std::uint8_t, const std::int8_t*, std::int64_t,
                      std::int8_t, float, std::int32_t*, std::int64_t, const std::int32_t*);
struct DnnlVersion {
  int major, minor, patch;
};

// Their threads wait inside the library's code: closing it under them would end the program.
void keep_open(const Library& library) {
  static auto* const kept = new std::vector<Library>();
  kept->push_back(library);
}

Result<Library> open_kept(const Host& host, const std::vector<std::string>& names) {
  auto library = host.libraries(names);
  if (library) keep_open(*library);
  return library;
}

void set_threads(const Host& host, const Library& library, int threads) {
  for (const char* name : {"openblas_set_num_threads", "bli_thread_set_num_threads", "MKL_Set_Num_Threads"})
    if (auto* set = library.function<void(int)>(name)) return set(threads);
  if (const auto openmp = open_kept(host, {"libgomp.so.1", "libomp.so.5", "libiomp5.so"}))
    if (auto* set = openmp->function<void(int)>("omp_set_num_threads")) set(threads);
}

std::string name_of_blas(const Library& library) {
  if (auto* config = library.function<const char*()>("openblas_get_config")) {
    const auto words = split_words(config());
    std::string out = "OpenBLAS";
    if (words.size() > 1) out += " " + printable(words[1]);
    if (auto* core = library.function<const char*()>("openblas_get_corename")) out += ", " + printable(core()) + " kernels";
    return out;
  }
  if (auto* version = library.function<const char*()>("bli_info_get_version_str")) return "BLIS " + printable(version());
  return library.name().find("mkl") != std::string::npos ? "MKL" : library.name();
}

std::string name_of_dnnl(const Library& library) {
  auto* version = library.function<const DnnlVersion*()>("dnnl_version");
  const DnnlVersion* v = version != nullptr ? version() : nullptr;
  return v == nullptr ? "oneDNN" : "oneDNN " + std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
}

Status said(int status) {
  if (status == 0) return Done{};
  // dnnl_unimplemented is 3.
  if (status == 3) return Error{ErrorCode::unsupported, "oneDNN has no kernel for this product on this processor"};
  return Error{ErrorCode::io, "oneDNN refused the product with status " + std::to_string(status)};
}

bool open_blas(const Host& host, const GemmKind& kind, int threads, Gemm& out) {
  const auto library = open_kept(host, {"libmkl_rt.so.2", "libmkl_rt.so", "libopenblas.so.0", "libopenblas.so", "libblis.so.4", "libblis.so.3", "libblis.so"});
  if (!library) return false;
  auto* single = library->function<Sgemm>("cblas_sgemm");
  auto* precise = library->function<Dgemm>("cblas_dgemm");
  if (kind.type == GemmType::fp32 && single != nullptr) {
    out.multiply = [single](std::int64_t side, const void* a, const void* b, void* c) -> Status {
      const int n = static_cast<int>(side);
      single(k_row_major, k_as_is, k_as_is, n, n, n, 1, static_cast<const float*>(a), n, static_cast<const float*>(b), n, 0, static_cast<float*>(c), n);
      return Done{};
    };
  } else if (kind.type == GemmType::fp64 && precise != nullptr) {
    out.multiply = [precise](std::int64_t side, const void* a, const void* b, void* c) -> Status {
      const int n = static_cast<int>(side);
      precise(k_row_major, k_as_is, k_as_is, n, n, n, 1, static_cast<const double*>(a), n, static_cast<const double*>(b), n, 0, static_cast<double*>(c), n);
      return Done{};
    };
  } else {
    return false;
  }
  set_threads(host, *library, threads);
  out.library = name_of_blas(*library);
  return true;
}

bool open_dnnl(const Host& host, const GemmKind& kind, int threads, Gemm& out) {
  const auto library = open_kept(host, {"libdnnl.so.3", "libdnnl.so.2", "libdnnl.so.1", "libdnnl.so"});
  if (!library) return false;
  auto* single = library->function<DnnlSgemm>("dnnl_sgemm");
  auto* bf16 = library->function<DnnlBf16>("dnnl_gemm_bf16bf16f32");
  auto* bytes = library->function<DnnlBytes>("dnnl_gemm_u8s8s32");
  if (kind.type == GemmType::fp32 && single != nullptr)
    out.multiply = [single](std::int64_t n, const void* a, const void* b, void* c) {
      return said(single('N', 'N', n, n, n, 1, static_cast<const float*>(a), n, static_cast<const float*>(b), n, 0, static_cast<float*>(c), n));
    };
  else if (kind.type == GemmType::bf16 && bf16 != nullptr)
    out.multiply = [bf16](std::int64_t n, const void* a, const void* b, void* c) {
      return said(bf16('N', 'N', n, n, n, 1, static_cast<const std::uint16_t*>(a), n, static_cast<const std::uint16_t*>(b), n, 0, static_cast<float*>(c), n));
    };
  else if (kind.type == GemmType::bytes && bytes != nullptr)
    out.multiply = [bytes](std::int64_t n, const void* a, const void* b, void* c) {
      const std::int32_t nothing = 0;
      return said(bytes('N', 'N', 'F', n, n, n, 1, static_cast<const std::uint8_t*>(a), n, 0, static_cast<const std::int8_t*>(b), n, 0, 0, static_cast<std::int32_t*>(c), n,
                        &nothing));
    };
  else
    return false;
  set_threads(host, *library, threads);
  out.library = name_of_dnnl(*library);
  return true;
}

}  // namespace

std::span<const GemmKind> gemm_kinds() { return k_gemm_kinds; }

Status open_gemm(const Host& host, const GemmKind& kind, int threads, Gemm& out) {
  if (open_blas(host, kind, threads, out) || open_dnnl(host, kind, threads, out)) return Done{};
  return Error{ErrorCode::unsupported, kind.type == GemmType::fp32 || kind.type == GemmType::fp64
                                           ? "no library for matrix products was found; on Debian: apt install libopenblas0"
                                           : "no library for such products was found; on Debian: apt install libdnnl2"};
}

void put_number(const GemmKind& kind, bool is_a, unsigned char* matrix, std::size_t index, double normal) {
  const auto put = [&](auto value) { std::memcpy(matrix + index * sizeof value, &value, sizeof value); };
  switch (kind.type) {
    case GemmType::fp32: return put(static_cast<float>(normal));
    case GemmType::fp64: return put(normal);
    case GemmType::bf16: return put(float_to_bf16(static_cast<float>(normal)));
    case GemmType::bytes:
      if (is_a) return put(static_cast<std::uint8_t>(std::clamp(64 + 16 * normal, 0.0, 127.0)));
      return put(static_cast<std::int8_t>(std::clamp(32 * normal, -127.0, 127.0)));
  }
}

double number_at(const GemmKind& kind, bool is_a, const unsigned char* matrix, std::size_t index) {
  const auto get = [&](auto value) {
    std::memcpy(&value, matrix + index * sizeof value, sizeof value);
    return value;
  };
  switch (kind.type) {
    case GemmType::fp32: return double{get(float{})};
    case GemmType::fp64: return get(double{});
    case GemmType::bf16: return double{bf16_to_float(get(std::uint16_t{}))};
    case GemmType::bytes: return is_a ? double(get(std::uint8_t{})) : double(get(std::int8_t{}));
  }
  return 0;
}

double output_at(const GemmKind& kind, const unsigned char* matrix, std::size_t index) {
  const auto get = [&](auto value) {
    std::memcpy(&value, matrix + index * sizeof value, sizeof value);
    return value;
  };
  if (kind.type == GemmType::fp64) return get(double{});
  return kind.type == GemmType::bytes ? double(get(std::int32_t{})) : double{get(float{})};
}

}  // namespace hardscape::measuring
