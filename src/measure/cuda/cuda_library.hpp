// CUDA's driver library opened at run time: its functions, and its errors as sentences.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hardscape/host.hpp"
#include "measure/cuda/cuda_abi.hpp"

namespace hardscape::cuda {

struct Api {
  Library library;
  Init* init = nullptr;
  DriverGetVersion* driver_get_version = nullptr;
  DeviceGetCount* device_get_count = nullptr;
  DeviceGet* device_get = nullptr;
  DeviceGetText* device_get_name = nullptr;
  DeviceGetText* device_get_pci = nullptr;
  DeviceTotalMem* device_total_mem = nullptr;
  DeviceGetAttribute* device_get_attribute = nullptr;
  GetErrorText* get_error_name = nullptr;
  GetErrorText* get_error_string = nullptr;
  PrimaryContextRetain* context_retain = nullptr;
  PrimaryContextRelease* context_release = nullptr;
  ContextSetCurrent* context_set_current = nullptr;
  MemGetInfo* mem_get_info = nullptr;
  MemAlloc* mem_alloc = nullptr;
  MemFree* mem_free = nullptr;
  MemHostAlloc* mem_host_alloc = nullptr;
  MemFreeHost* mem_free_host = nullptr;
  CopyToHost* copy_to_host = nullptr;
  CopyToDeviceAsync* copy_to_device_async = nullptr;
  CopyToHostAsync* copy_to_host_async = nullptr;
  CopyOnDeviceAsync* copy_on_device_async = nullptr;
  ModuleLoad* module_load = nullptr;
  ModuleUnload* module_unload = nullptr;
  ModuleGetFunction* module_get_function = nullptr;
  LaunchKernel* launch_kernel = nullptr;
  StreamCreate* stream_create = nullptr;
  StreamOf* stream_synchronize = nullptr;
  StreamOf* stream_destroy = nullptr;
  EventCreate* event_create = nullptr;
  EventRecord* event_record = nullptr;
  EventOf* event_synchronize = nullptr;
  EventElapsed* event_elapsed = nullptr;
  EventOf* event_destroy = nullptr;
};

// Where NVIDIA's driver puts the library: WSL2, the loader's path, NixOS, Kubernetes, Windows. Never the name without
// a number: that may be the toolkit's stub.
std::vector<std::string> library_names();

// Fails with `unavailable` when there is no library or it lacks a function, which it names.
Result<Api> load(const LibraryLoader& libraries, const std::vector<std::string>& names);

// "<what was being done>: CUDA_ERROR_OUT_OF_MEMORY (out of memory)", and what to try for errors whose cause is known.
// A lack of memory is `unavailable`, all else `io`.
Error failure(const Api& api, Code code, std::string_view doing);
Status check(const Api& api, Code code, std::string_view doing);

}  // namespace hardscape::cuda
