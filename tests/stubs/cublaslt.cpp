// A libcublasLt.so for tests: works out those elements of a product that the test has spoilt before, on the stub of
// libcuda. HARDSCAPE_STUB_CUBLASLT "fail:NAME" makes one call fail, "wrong" makes every product wrong.
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "measure/accelerator/narrow_numbers.hpp"
#include "measure/cuda/cublaslt.hpp"

using namespace hardscape::cuda;
using namespace hardscape::cuda::blas;
using hardscape::measuring::NumberType;

extern "C" void hardscape_stub_pass(float milliseconds);

namespace {

int g_alive = 0;

std::string variant() {
  const char* value = std::getenv("HARDSCAPE_STUB_CUBLASLT");
  return value != nullptr ? value : "";
}
Status answer(const char* name) { return variant() == std::string("fail:") + name ? 13 : blas::k_success; }

struct StubLayout {
  int type;
  std::uint64_t rows;
};

NumberType type_of(int type) {
  switch (type) {
    case k_f16: return NumberType::fp16;
    case k_bf16: return NumberType::bf16;
    case k_i8: return NumberType::int8;
    case k_i32: return NumberType::int32;
    case k_e4m3: return NumberType::fp8;
    default: return NumberType::fp32;
  }
}

template <class Handle, class What>
Status make(const char* name, Handle* handle, What what) {
  if (const Status status = answer(name); status != blas::k_success) return status;
  *handle = reinterpret_cast<Handle>(new What(what));
  ++g_alive;
  return blas::k_success;
}
template <class What, class Handle>
Status destroy(Handle handle) {
  delete reinterpret_cast<What*>(handle);
  --g_alive;
  return blas::k_success;
}

}  // namespace

extern "C" {

int hardscape_stub_blas_alive() { return g_alive; }
Status cublasLtCreate(Handle* handle) { return make("cublasLtCreate", handle, 0); }
Status cublasLtDestroy(Handle handle) { return destroy<int>(handle); }
std::size_t cublasLtGetVersion() { return 130002; }
Status cublasLtMatmulDescCreate(Operation* operation, int, int) { return make("cublasLtMatmulDescCreate", operation, 0); }
Status cublasLtMatmulDescSetAttribute(Operation, int, const void*, std::size_t) { return answer("cublasLtMatmulDescSetAttribute"); }
Status cublasLtMatmulDescDestroy(Operation operation) { return destroy<int>(operation); }
Status cublasLtMatrixLayoutCreate(Layout* layout, int type, std::uint64_t rows, std::uint64_t, std::int64_t) {
  return make("cublasLtMatrixLayoutCreate", layout, StubLayout{type, rows});
}
Status cublasLtMatrixLayoutDestroy(Layout layout) { return destroy<StubLayout>(layout); }
Status cublasLtMatmulPreferenceCreate(Preference* preference) { return make("cublasLtMatmulPreferenceCreate", preference, 0); }
Status cublasLtMatmulPreferenceSetAttribute(Preference, int, const void*, std::size_t) { return answer("cublasLtMatmulPreferenceSetAttribute"); }
Status cublasLtMatmulPreferenceDestroy(Preference preference) { return destroy<int>(preference); }
Status cublasLtMatmulAlgoGetHeuristic(Handle, Operation, Layout, Layout, Layout, Layout, Preference, int most, Choice* choices, int* got) {
  *got = variant() == "none" ? 0 : most < 3 ? most : 3;
  for (int i = 0; i < *got; ++i) choices[i] = Choice{{{static_cast<std::uint64_t>(i)}}, 0, i == 1 ? k_not_supported : blas::k_success, 1, {}};
  return answer("cublasLtMatmulAlgoGetHeuristic");
}
Status cublasLtMatmul(Handle, Operation, const void*, const void* a, Layout in, const void* b, Layout, const void*, const void*, Layout out, void* d, Layout,
                      const Algorithm*, void*, std::size_t, Stream) {
  if (const Status status = answer("cublasLtMatmul"); status != blas::k_success) return status;
  hardscape_stub_pass(5);
  const auto& from = *reinterpret_cast<const StubLayout*>(in);
  const NumberType type = type_of(from.type);
  const NumberType result = type_of(reinterpret_cast<const StubLayout*>(out)->type);
  const std::size_t width = hardscape::measuring::bytes_of(type);
  const std::size_t out_width = hardscape::measuring::bytes_of(result);
  const unsigned char spoilt[4] = {0x37, 0x13, 0x7d, 0x7a};
  const std::uint64_t n = from.rows;
  for (std::uint64_t e = 0; e < n * n; ++e) {
    unsigned char* const at = static_cast<unsigned char*>(d) + e * out_width;
    if (std::memcmp(at, spoilt, out_width) != 0) continue;
    double sum = variant() == "wrong" ? 1e4 : 0;
    for (std::uint64_t l = 0; l < n; ++l)
      sum += hardscape::measuring::read(static_cast<const unsigned char*>(a) + (l + e % n * n) * width, type) *
             hardscape::measuring::read(static_cast<const unsigned char*>(b) + (l + e / n * n) * width, type);
    std::vector<unsigned char> bytes;
    hardscape::measuring::append(bytes, result, sum);
    std::memcpy(at, bytes.data(), out_width);
  }
  return blas::k_success;
}

}  // extern "C"
