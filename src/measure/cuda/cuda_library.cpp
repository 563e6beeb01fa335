#include "measure/cuda/cuda_library.hpp"

#include <fmt/format.h>

#include <iterator>

#include "base/text.hpp"
#include "measure/accelerator/vendor_library.hpp"

namespace hardscape::cuda {
namespace {

struct Advice {
  Code code;
  const char* text;
};

constexpr Advice k_advice[] = {
    {k_out_of_memory, "another program holds the memory; nvidia-smi shows which"},
    {k_device_unavailable, "another program has the device for itself (exclusive compute mode)"},
    {k_no_device, "the driver is here but no device is: check CUDA_VISIBLE_DEVICES and that this container was given one"},
    {k_unsupported_ptx, "the driver is too old for this kernel; update it"},
    {k_system_not_ready, "start nvidia-fabricmanager on machines with NVSwitch"},
    {k_driver_mismatch, "the kernel module and the library are of different versions; reboot or reload the module"},
    {k_compat_not_supported, "the compatibility library does not run on this card; remove it from the library path"},
};

}  // namespace

std::vector<std::string> library_names() {
  return {"/usr/lib/wsl/lib/libcuda.so.1", "libcuda.so.1", "/run/opengl-driver/lib/libcuda.so.1", "/usr/local/nvidia/lib64/libcuda.so.1",
          "nvcuda.dll"};
}

Result<Api> load(const LibraryLoader& libraries, const std::vector<std::string>& names) {
  auto library = libraries(names);
  if (!library) return std::move(library).error();
  Api api;
  api.library = *std::move(library);
  measuring::SymbolReader find(api.library);
  find(api.init, "cuInit");
  find(api.driver_get_version, "cuDriverGetVersion");
  find(api.device_get_count, "cuDeviceGetCount");
  find(api.device_get, "cuDeviceGet");
  find(api.device_get_name, "cuDeviceGetName");
  find(api.device_get_pci, "cuDeviceGetPCIBusId");
  find(api.device_total_mem, "cuDeviceTotalMem_v2");
  find(api.device_get_attribute, "cuDeviceGetAttribute");
  find(api.get_error_name, "cuGetErrorName");
  find(api.get_error_string, "cuGetErrorString");
  find(api.context_retain, "cuDevicePrimaryCtxRetain");
  find(api.context_release, "cuDevicePrimaryCtxRelease");
  find(api.context_set_current, "cuCtxSetCurrent");
  find(api.mem_get_info, "cuMemGetInfo_v2");
  find(api.mem_alloc, "cuMemAlloc_v2");
  find(api.mem_free, "cuMemFree_v2");
  find(api.mem_host_alloc, "cuMemHostAlloc");
  find(api.mem_free_host, "cuMemFreeHost");
  find(api.copy_to_host, "cuMemcpyDtoH_v2");
  find(api.copy_to_device_async, "cuMemcpyHtoDAsync_v2");
  find(api.copy_to_host_async, "cuMemcpyDtoHAsync_v2");
  find(api.copy_on_device_async, "cuMemcpyDtoDAsync_v2");
  find(api.module_load, "cuModuleLoadDataEx");
  find(api.module_unload, "cuModuleUnload");
  find(api.module_get_function, "cuModuleGetFunction");
  find(api.launch_kernel, "cuLaunchKernel");
  find(api.stream_create, "cuStreamCreate");
  find(api.stream_synchronize, "cuStreamSynchronize");
  find(api.stream_destroy, "cuStreamDestroy_v2");
  find(api.event_create, "cuEventCreate");
  find(api.event_record, "cuEventRecord");
  find(api.event_synchronize, "cuEventSynchronize");
  find(api.event_elapsed, "cuEventElapsedTime");
  find(api.event_destroy, "cuEventDestroy_v2");
  if (!find.missing().empty())
    return Error{ErrorCode::unavailable, fmt::format("{} lacks {}; install a newer NVIDIA driver", api.library.name(), find.missing())};
  return api;
}

Error failure(const Api& api, Code code, std::string_view doing) {
  const auto text = [&](GetErrorText* function) -> std::string {
    const char* found = nullptr;
    return function != nullptr && function(code, &found) == k_success && found != nullptr ? printable(found) : std::string();
  };
  std::string name = text(api.get_error_name);
  if (name.empty()) name = fmt::format("CUDA error {}", code);
  std::string message = fmt::format("{}: {}", doing, name);
  if (const std::string meaning = text(api.get_error_string); !meaning.empty()) message += fmt::format(" ({})", meaning);
  for (const Advice& advice : k_advice) {
    if (advice.code == code) message += fmt::format("; {}", advice.text);
  }
  return {code == k_out_of_memory ? ErrorCode::unavailable : ErrorCode::io, std::move(message)};
}

Status check(const Api& api, Code code, std::string_view doing) {
  if (code == k_success) return Done{};
  return failure(api, code, doing);
}

}  // namespace hardscape::cuda
