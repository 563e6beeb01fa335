#ifdef __APPLE__

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOKitLib.h>
#include <dlfcn.h>
#include <objc/message.h>
#include <objc/runtime.h>
#include <sys/sysctl.h>

#include <array>

#include "base/text.hpp"
#include "detect/routes/accelerators/apple_gpu.hpp"
#include "detect/routes/accelerators/routes_of_accelerators.hpp"

namespace hardscape {
namespace {

// A property of the first service of a class, released with the scope.
class Property {
 public:
  Property(const char* service_class, CFStringRef key) {
    const io_service_t service = ::IOServiceGetMatchingService(MACH_PORT_NULL, ::IOServiceMatching(service_class));
    if (service == IO_OBJECT_NULL) return;
    value_ = ::IORegistryEntryCreateCFProperty(service, key, kCFAllocatorDefault, 0);
    ::IOObjectRelease(service);
  }
  ~Property() {
    if (value_ != nullptr) ::CFRelease(value_);
  }
  Property(const Property&) = delete;
  Property& operator=(const Property&) = delete;

  std::optional<int> number() const {
    int out = 0;
    if (value_ == nullptr || ::CFGetTypeID(value_) != ::CFNumberGetTypeID() ||
        !::CFNumberGetValue(static_cast<CFNumberRef>(value_), kCFNumberIntType, &out))
      return std::nullopt;
    return out;
  }
  std::string text() const {
    if (value_ == nullptr) return {};
    if (::CFGetTypeID(value_) == ::CFDataGetTypeID()) {
      const auto data = static_cast<CFDataRef>(value_);
      std::string out(reinterpret_cast<const char*>(::CFDataGetBytePtr(data)), static_cast<std::size_t>(::CFDataGetLength(data)));
      return out.substr(0, out.find('\0'));
    }
    std::array<char, 256> out{};
    if (::CFGetTypeID(value_) != ::CFStringGetTypeID() ||
        !::CFStringGetCString(static_cast<CFStringRef>(value_), out.data(), out.size(), kCFStringEncodingUTF8))
      return {};
    return out.data();
  }

 private:
  CFTypeRef value_ = nullptr;
};

bool has_service(const char* service_class) {
  const io_service_t service = ::IOServiceGetMatchingService(MACH_PORT_NULL, ::IOServiceMatching(service_class));
  if (service == IO_OBJECT_NULL) return false;
  ::IOObjectRelease(service);
  return true;
}

// Metal speaks Objective-C; its run time has a C face, so that this stays C++.
std::optional<Bytes> recommended_working_set() {
  void* metal = ::dlopen("/System/Library/Frameworks/Metal.framework/Metal", RTLD_LAZY);
  if (metal == nullptr) return std::nullopt;
  const auto create = reinterpret_cast<id (*)()>(::dlsym(metal, "MTLCreateSystemDefaultDevice"));
  const id device = create != nullptr ? create() : nullptr;
  if (device == nullptr) return std::nullopt;
  const auto bytes = reinterpret_cast<std::uint64_t (*)(id, SEL)>(objc_msgSend)(device, ::sel_registerName("recommendedMaxWorkingSetSize"));
  reinterpret_cast<void (*)(id, SEL)>(objc_msgSend)(device, ::sel_registerName("release"));
  if (bytes == 0 || bytes > (std::uint64_t{1} << 50)) return std::nullopt;
  return Bytes{static_cast<std::int64_t>(bytes)};
}

std::int64_t wired_limit_now() {
  std::int32_t value = 0;
  std::size_t size = sizeof value;
  return ::sysctlbyname("iogpu.wired_limit_mb", &value, &size, nullptr, 0) == 0 && value > 0 ? value : 0;
}

}  // namespace

void observe_apple_gpu(const Host& host, const DetectOptions&, Sightings& seen) {
  if (!host.is_live || !seen.memory.total) return;
  AppleGpu gpu;
  gpu.cores = Property("AGXAccelerator", CFSTR("gpu-core-count")).number();
  gpu.model = printable(Property("AGXAccelerator", CFSTR("model")).text());
  gpu.has_neural_engine = has_service("H11ANEIn");
  add_apple_gpu(gpu, apple_gpu_limit(*seen.memory.total, recommended_working_set(), wired_limit_now()), seen);
}

}  // namespace hardscape

#endif  // __APPLE__
