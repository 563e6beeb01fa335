// A libcuda.so.1 for tests: one made-up device whose memory is the host's and whose kernels are worked out here, from
// what their PTX says. HARDSCAPE_STUB_CUDA makes it another machine, or "fail:NAME:N" makes the call NAME fail from its
// N-th time on. Each launch takes 5 ms by its clock.
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>

#include "measure/accelerator/narrow_numbers.hpp"
#include "measure/accelerator/test_data.hpp"
#include "measure/cuda/cuda_abi.hpp"

using namespace hardscape::cuda;
using hardscape::measuring::NumberType;

namespace {

std::map<std::string, int, std::less<>> g_calls;
int g_alive = 0;
float g_now_ms = 0;

std::string variant() {
  const char* value = std::getenv("HARDSCAPE_STUB_CUDA");
  return value != nullptr ? value : "";
}

Code answer(const char* name) {
  const int times = ++g_calls[name];
  const std::string how = variant();
  if (how.rfind("fail:", 0) != 0) return k_success;
  const auto colon = how.rfind(':');
  return how.substr(5, colon - 5) == name && times >= std::atoi(how.c_str() + colon + 1) ? 700 : k_success;
}

template <class Handle>
Code make(const char* name, Handle* handle) {
  if (const Code code = answer(name); code != k_success) return code;
  *handle = reinterpret_cast<Handle>(new float(0));
  ++g_alive;
  return k_success;
}
template <class Handle>
Code destroy(const char* name, Handle handle) {
  delete reinterpret_cast<float*>(handle);
  --g_alive;
  return answer(name);
}

struct StubKernel {
  std::string ptx;
  std::string name;
};

int number_after(const std::string& text, const std::string& word) {
  const auto at = text.find(word);
  return at == std::string::npos ? 0 : std::atoi(text.c_str() + at + word.size());
}

template <class T>
T argument(void** arguments, int index) {
  T value{};
  std::memcpy(&value, arguments[index], sizeof value);
  return value;
}
float* floats(Pointer at) { return reinterpret_cast<float*>(at); }

void run_memory(const StubKernel& kernel, std::uint64_t grid, std::uint64_t block, void** a) {
  const auto get = [&](int i) { return argument<std::uint64_t>(a, i); };
  if (kernel.name == "read_sum") {
    for (std::uint64_t t = 0; t < grid * block; ++t) {
      float sum = 0;
      for (std::uint64_t v = t / block * 4 * block + t % block; v < get(2); v += grid * block * 4) {
        for (std::uint64_t part = 0; part < 4; ++part) {
          for (int lane = 0; lane < 4; ++lane) sum += floats(get(0))[(v + part * block) * 4 + static_cast<std::uint64_t>(lane)];
        }
      }
      floats(get(1))[t] = sum;
    }
  } else if (kernel.name == "write_pattern") {
    for (std::uint64_t i = 0; i < 4 * get(1); ++i) reinterpret_cast<std::uint32_t*>(get(0))[i] = static_cast<std::uint32_t>(i / 4) * argument<std::uint32_t>(a, 2);
  } else if (kernel.name == "copy") {
    std::memcpy(floats(get(1)), floats(get(0)), 16 * get(2));
  } else {
    for (std::uint64_t i = 0; i < 4 * get(4); ++i) floats(get(2))[i] = std::fma(argument<float>(a, 3), floats(get(1))[i], floats(get(0))[i]);
  }
}

template <class T>
void run_real_chain(std::uint64_t thread, int chains, void** a) {
  const double scale = argument<std::uint32_t>(a, 3);
  const auto steps = argument<std::uint32_t>(a, 1);
  T sum = 0;
  for (int chain = 0; chain < chains; ++chain) {
    const auto k = static_cast<std::uint64_t>(chain) + thread * static_cast<std::uint64_t>(chains);
    T x = static_cast<T>(scale * (0.25 + static_cast<double>(k & 127) / 256));
    for (std::uint32_t i = 0; i < steps; ++i) x = std::fma(x, x, argument<T>(a, 2));
    sum = chain == 0 ? x : sum + x;
  }
  reinterpret_cast<T*>(argument<std::uint64_t>(a, 0))[thread] = sum;
}

void run_half_chain(std::uint64_t thread, int chains, void** a) {
  using namespace hardscape::measuring;
  const double c = half_from_bits(static_cast<std::uint16_t>(argument<std::uint32_t>(a, 2)));
  std::uint32_t word = 0;
  for (int lane = 0; lane < 2; ++lane) {
    double sum = 0;
    for (int chain = 0; chain < chains; ++chain) {
      const auto k = static_cast<std::uint64_t>(2 * chain + lane) + thread * static_cast<std::uint64_t>(2 * chains);
      double x = argument<std::uint32_t>(a, 3) * (0.25 + static_cast<double>(k & 127) / 256);
      for (std::uint32_t i = 0; i < argument<std::uint32_t>(a, 1); ++i) x = rounded_to_half(x * x + c);
      sum = chain == 0 ? x : rounded_to_half(sum + x);
    }
    word |= std::uint32_t{half_bits(sum)} << (16 * lane);
  }
  reinterpret_cast<std::uint32_t*>(argument<std::uint64_t>(a, 0))[thread] = word;
}

void run_dot_chain(std::uint64_t thread, int chains, void** a) {
  std::uint32_t all = 0;
  const auto y = argument<std::uint32_t>(a, 2);
  for (int chain = 0; chain < chains; ++chain) {
    const auto k = static_cast<std::uint32_t>(thread * static_cast<std::uint64_t>(chains)) + static_cast<std::uint32_t>(chain);
    std::uint32_t x = (k * 0x9e3779b1u + 0x3c6ef372u) * argument<std::uint32_t>(a, 3);
    for (std::uint32_t i = 0; i < argument<std::uint32_t>(a, 1); ++i) {
      std::int32_t dot = 0;
      for (int byte = 0; byte < 32; byte += 8) dot += static_cast<std::int8_t>(x >> byte) * static_cast<std::int8_t>(y >> byte);
      x += static_cast<std::uint32_t>(dot);
    }
    all ^= x;
  }
  reinterpret_cast<std::uint32_t*>(argument<std::uint64_t>(a, 0))[thread] = all;
}

// Only the threads that anybody looks at.
void run_chain(const StubKernel& kernel, std::uint64_t threads, void** a) {
  const int chains = number_after(kernel.ptx, "%x<");
  for (const std::uint64_t thread : {std::uint64_t{0}, threads / 2, threads - 1}) {
    if (kernel.ptx.find("fma.rn.f64 %x") != std::string::npos) run_real_chain<double>(thread, chains, a);
    else if (kernel.ptx.find("fma.rn.f32 %x") != std::string::npos) run_real_chain<float>(thread, chains, a);
    else if (kernel.ptx.find("fma.rn.f16x2") != std::string::npos) run_half_chain(thread, chains, a);
    else run_dot_chain(thread, chains, a);
  }
}

// Right when all numbers of `data` are alike.
void run_tiles(const StubKernel& kernel, std::uint64_t threads, void** a) {
  const struct {
    const char* word;
    NumberType type;
    int k;
  } kinds[] = {{".tf32", NumberType::fp32, 8}, {".e4m3", NumberType::fp8, 32}, {".s8", NumberType::int8, 32}, {".bf16", NumberType::bf16, 16}, {".f16", NumberType::fp16, 16}};
  for (const auto& kind : kinds) {
    if (kernel.ptx.find(kind.word) == std::string::npos) continue;
    const double x = hardscape::measuring::read(reinterpret_cast<const unsigned char*>(argument<std::uint64_t>(a, 1)), kind.type);
    const int count = number_after(kernel.ptx, "%d<");
    const double sum = count * (argument<std::uint32_t>(a, 2) * static_cast<double>(kind.k) * x * x) + count * (count - 1) / 2.0;
    const auto out = argument<std::uint64_t>(a, 0) + 4 * (threads - 1);
    if (kind.type == NumberType::int8) *reinterpret_cast<std::int32_t*>(out) = static_cast<std::int32_t>(std::fmod(sum, 2e9));
    else *floats(out) = static_cast<float>(sum);
    return;
  }
}

}  // namespace

extern "C" {

int hardscape_stub_alive() { return g_alive; }
void hardscape_stub_restart() { g_calls.clear(); }

Code cuInit(unsigned) {
  while (variant() == "hang") ::pause();
  if (variant() == "none") return k_no_device;
  if (variant() == "mismatch") return k_driver_mismatch;
  return answer("cuInit");
}
Code cuDriverGetVersion(int* version) {
  *version = 13010;
  return answer("cuDriverGetVersion");
}
Code cuDeviceGetCount(int* count) {
  *count = variant() == "empty" ? 0 : 1;
  return answer("cuDeviceGetCount");
}
Code cuDeviceGet(Ordinal* device, int index) {
  *device = index;
  return answer("cuDeviceGet");
}
Code cuDeviceGetName(char* text, int length, Ordinal) {
  std::snprintf(text, static_cast<std::size_t>(length), "%s", variant() == "mig" ? "NVIDIA H100 80GB HBM3 MIG 1g.10gb" : "NVIDIA H100 80GB HBM3");
  return answer("cuDeviceGetName");
}
Code cuDeviceGetPCIBusId(char* text, int length, Ordinal) {
  std::snprintf(text, static_cast<std::size_t>(length), "0000:1B:00.0");
  return answer("cuDeviceGetPCIBusId");
}
Code cuDeviceTotalMem_v2(std::size_t* bytes, Ordinal) {
  *bytes = std::size_t{80} << 30;
  return answer("cuDeviceTotalMem_v2");
}
Code cuDeviceGetAttribute(int* value, int which, Ordinal) {
  const int capability = variant() == "pascal" ? 61 : 90;
  *value = which == k_multiprocessors ? 1 : which == k_major ? capability / 10 : which == k_minor ? capability % 10 : which == k_l2_bytes ? 50 << 20
           : which == k_compute_mode && variant() == "prohibited" ? 2 : 0;
  return answer("cuDeviceGetAttribute");
}
Code cuGetErrorName(Code code, const char** text) {
  *text = code == 700 ? "CUDA_ERROR_ILLEGAL_ADDRESS" : code == k_no_device ? "CUDA_ERROR_NO_DEVICE" : code == k_driver_mismatch ? "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH" : nullptr;
  return *text != nullptr ? k_success : 1;
}
Code cuGetErrorString(Code code, const char** text) {
  *text = code == 700 ? "an illegal memory access was encountered" : nullptr;
  return *text != nullptr ? k_success : 1;
}
Code cuDevicePrimaryCtxRetain(Context* context, Ordinal) {
  static int primary = 0;
  if (const Code code = answer("cuDevicePrimaryCtxRetain"); code != k_success) return code;
  *context = reinterpret_cast<Context>(&primary);
  ++g_alive;
  return k_success;
}
Code cuDevicePrimaryCtxRelease(Ordinal) {
  --g_alive;
  return answer("cuDevicePrimaryCtxRelease");
}
Code cuCtxSetCurrent(Context) { return answer("cuCtxSetCurrent"); }
Code cuMemGetInfo_v2(std::size_t* free, std::size_t* total) {
  *free = *total = std::size_t{80} << 30;
  return answer("cuMemGetInfo_v2");
}
Code cuMemAlloc_v2(Pointer* at, std::size_t bytes) {
  if (const Code code = answer("cuMemAlloc_v2"); code != k_success) return code;
  *at = reinterpret_cast<Pointer>(std::calloc(1, bytes));
  ++g_alive;
  return k_success;
}
Code cuMemFree_v2(Pointer at) {
  std::free(reinterpret_cast<void*>(at));
  --g_alive;
  return answer("cuMemFree_v2");
}
Code cuMemHostAlloc(void** at, std::size_t bytes, unsigned) {
  if (const Code code = answer("cuMemHostAlloc"); code != k_success) return code;
  *at = std::calloc(1, bytes);
  ++g_alive;
  return k_success;
}
Code cuMemFreeHost(void* at) {
  std::free(at);
  --g_alive;
  return answer("cuMemFreeHost");
}
Code cuMemcpyDtoH_v2(void* to, Pointer from, std::size_t bytes) {
  if (const Code code = answer("cuMemcpyDtoH_v2"); code != k_success) return code;
  std::memcpy(to, floats(from), bytes);
  return k_success;
}
Code cuMemcpyHtoDAsync_v2(Pointer to, const void* from, std::size_t bytes, Stream) {
  if (const Code code = answer("cuMemcpyHtoDAsync_v2"); code != k_success) return code;
  g_now_ms += 5;
  std::memcpy(floats(to), from, bytes);
  return k_success;
}
Code cuMemcpyDtoHAsync_v2(void* to, Pointer from, std::size_t bytes, Stream) {
  if (const Code code = answer("cuMemcpyDtoHAsync_v2"); code != k_success) return code;
  g_now_ms += 5;
  std::memcpy(to, floats(from), bytes);
  return k_success;
}
Code cuMemcpyDtoDAsync_v2(Pointer to, Pointer from, std::size_t bytes, Stream) {
  if (const Code code = answer("cuMemcpyDtoDAsync_v2"); code != k_success) return code;
  g_now_ms += 5;
  std::memcpy(floats(to), floats(from), bytes);
  return k_success;
}
Code cuModuleLoadDataEx(Module* module, const void* ptx, unsigned count, int* options, void** values) {
  if (const Code code = answer("cuModuleLoadDataEx"); code != k_success) {
    for (unsigned i = 0; i < count; ++i) {
      if (options[i] == k_jit_error_log) std::strcpy(static_cast<char*>(values[i]), "ptxas fatal: made up by the stub");
    }
    return code;
  }
  *module = reinterpret_cast<Module>(new StubKernel{static_cast<const char*>(ptx), ""});
  ++g_alive;
  return k_success;
}
Code cuModuleUnload(Module module) {
  delete reinterpret_cast<StubKernel*>(module);
  --g_alive;
  return answer("cuModuleUnload");
}
Code cuModuleGetFunction(Function* function, Module module, const char* name) {
  auto* const kernel = reinterpret_cast<StubKernel*>(module);
  if (kernel->ptx.find(std::string(".visible .entry ") + name + "(") == std::string::npos) return 500;
  kernel->name = name;
  *function = reinterpret_cast<Function>(kernel);
  return answer("cuModuleGetFunction");
}
Code cuLaunchKernel(Function function, unsigned grid, unsigned, unsigned, unsigned block, unsigned, unsigned, unsigned, Stream, void** arguments, void**) {
  if (const Code code = answer("cuLaunchKernel"); code != k_success) return code;
  g_now_ms += 5;
  const auto& kernel = *reinterpret_cast<const StubKernel*>(function);
  const std::uint64_t threads = std::uint64_t{grid} * block;
  // A machine whose kernels do nothing must be found out.
  if (variant() == "lazy") return k_success;
  if (kernel.name == "chain") run_chain(kernel, threads, arguments);
  else if (kernel.name == "tiles") run_tiles(kernel, threads, arguments);
  else run_memory(kernel, grid, block, arguments);
  return k_success;
}
Code cuStreamCreate(Stream* stream, unsigned) { return make("cuStreamCreate", stream); }
Code cuStreamSynchronize(Stream) { return answer("cuStreamSynchronize"); }
Code cuStreamDestroy_v2(Stream stream) { return destroy("cuStreamDestroy_v2", stream); }
Code cuEventCreate(Event* event, unsigned) { return make("cuEventCreate", event); }
Code cuEventRecord(Event event, Stream) {
  *reinterpret_cast<float*>(event) = g_now_ms;
  return answer("cuEventRecord");
}
Code cuEventSynchronize(Event) { return answer("cuEventSynchronize"); }
Code cuEventElapsedTime(float* milliseconds, Event start, Event end) {
  *milliseconds = *reinterpret_cast<float*>(end) - *reinterpret_cast<float*>(start);
  return answer("cuEventElapsedTime");
}
Code cuEventDestroy_v2(Event event) { return destroy("cuEventDestroy_v2", event); }
void hardscape_stub_pass(float milliseconds) { g_now_ms += milliseconds; }

}  // extern "C"
