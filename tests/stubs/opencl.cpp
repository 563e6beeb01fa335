// A libOpenCL.so.1 for tests. "strix-point" is one processor's graphics as two platforms list it, with other sizes and
// unit counts each (the clinfo listing of a Ryzen AI 9 HX 370 with two ICDs, LACT test data); "a380" an Arc A380, of whose
// 6 GiB OpenCL gives 94 %; "pocl" only a processor.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

struct Device {
  const char* name;
  std::uint64_t type;
  std::uint32_t vendor;
  std::uint64_t memory;
  std::uint32_t unified;
  bool tells_address;
  std::uint32_t bus;
};

constexpr std::uint64_t k_cpu = 2, k_gpu = 4;

Device g_rocm{"gfx1150", k_gpu, 0x1002, 16441004032ull, 1, true, 0xc4};
Device g_rusticl{"AMD Radeon 890M (radeonsi, gfx1150)", k_gpu, 0x1002, 536870912ull, 1, true, 0xc4};
Device g_a380{"Intel(R) Arc(TM) A380 Graphics", k_gpu, 0x8086, 6064541696ull, 0, false, 0};
Device g_pocl{"pthread-haswell-AMD EPYC", k_cpu, 0x1022, 31000000000ull, 1, false, 0};

std::string_view variant() {
  const char* value = std::getenv("HARDSCAPE_STUB_OPENCL");
  return value != nullptr ? value : "";
}

template <class T>
int put(std::size_t size, void* out, std::size_t* needed, const T& value) {
  if (needed != nullptr) *needed = sizeof value;
  if (out == nullptr) return 0;
  if (size < sizeof value) return -30;
  std::memcpy(out, &value, sizeof value);
  return 0;
}

int put_text(std::size_t size, void* out, std::size_t* needed, const char* text) {
  const std::size_t length = std::strlen(text) + 1;
  if (needed != nullptr) *needed = length;
  if (out == nullptr) return 0;
  if (size < length) return -30;
  std::memcpy(out, text, length);
  return 0;
}

}  // namespace

extern "C" {

int clGetPlatformIDs(std::uint32_t, void** platforms, std::uint32_t* count) {
  static int first, second;
  platforms[0] = &first;
  platforms[1] = &second;
  *count = variant() == "strix-point" ? 2 : 1;
  return 0;
}
int clGetDeviceIDs(void*, std::uint64_t, std::uint32_t, void** devices, std::uint32_t* count) {
  static int turn = 0;
  *count = 1;
  if (variant() == "strix-point") devices[0] = ++turn % 2 == 1 ? &g_rocm : &g_rusticl;
  else if (variant() == "a380") devices[0] = &g_a380;
  else devices[0] = &g_pocl;
  return 0;
}
int clGetDeviceInfo(void* device, std::uint32_t parameter, std::size_t size, void* out, std::size_t* needed) {
  const Device& of = *static_cast<Device*>(device);
  const std::uint32_t address[4] = {0, of.bus, 0, 0};
  switch (parameter) {
    case 0x1000: return put(size, out, needed, of.type);
    case 0x1001: return put(size, out, needed, of.vendor);
    case 0x101f: return put(size, out, needed, of.memory);
    case 0x1035: return put(size, out, needed, of.unified);
    case 0x102b: return put_text(size, out, needed, of.name);
    case 0x410f: return of.tells_address ? put(size, out, needed, address) : -30;
    default: return -30;
  }
}

}  // extern "C"
