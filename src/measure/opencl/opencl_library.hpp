// OpenCL's loader opened at run time: its functions, and its errors as sentences.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hardscape/host.hpp"
#include "host/opencl_abi.hpp"

namespace hardscape::opencl {

struct Api {
  Library library;
  GetPlatformIds* get_platform_ids = nullptr;
  GetPlatformInfo* get_platform_info = nullptr;
  GetDeviceIds* get_device_ids = nullptr;
  GetDeviceInfo* get_device_info = nullptr;
  CreateContext* create_context = nullptr;
  CreateQueue* create_queue = nullptr;
  CreateProgram* create_program = nullptr;
  BuildProgram* build_program = nullptr;
  GetBuildInfo* get_build_info = nullptr;
  CreateKernel* create_kernel = nullptr;
  SetKernelArg* set_kernel_arg = nullptr;
  CreateBuffer* create_buffer = nullptr;
  EnqueueKernel* enqueue_kernel = nullptr;
  EnqueueRead* enqueue_read = nullptr;
  EnqueueWrite* enqueue_write = nullptr;
  EnqueueMap* enqueue_map = nullptr;
  EnqueueUnmap* enqueue_unmap = nullptr;
  Finish* finish = nullptr;
  GetProfilingInfo* get_profiling_info = nullptr;
  ReleaseContext* release_context = nullptr;
  ReleaseQueue* release_queue = nullptr;
  ReleaseProgram* release_program = nullptr;
  ReleaseKernel* release_kernel = nullptr;
  ReleaseMemory* release_memory = nullptr;
  ReleaseEvent* release_event = nullptr;
};

// Where the loader lies: Linux, Android, macOS' framework, Windows, WSL2.
std::vector<std::string> library_names();

// Fails with `unavailable` when there is no loader or it lacks a function, which it names.
Result<Api> load(const LibraryLoader& libraries, const std::vector<std::string>& names);

// "CL_OUT_OF_RESOURCES"; "OpenCL error -9999" for a code that no header has.
std::string error_name(Int code);

// Done, or "<what was being done>: CL_OUT_OF_RESOURCES (…)". Out of memory and resources are `unavailable`.
Status check(Int code, std::string_view doing);
Error failure(Int code, std::string_view doing);

}  // namespace hardscape::opencl
