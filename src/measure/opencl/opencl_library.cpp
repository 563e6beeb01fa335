#include "measure/opencl/opencl_library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "measure/accelerator/vendor_library.hpp"

namespace hardscape::opencl {
namespace {

struct ErrorRow {
  Int code;
  std::string_view name;
  std::string_view meaning;  // empty where the name says it
};

constexpr ErrorRow k_errors[] = {
    {-1, "CL_DEVICE_NOT_FOUND", "the platform has no device of this kind"},
    {-2, "CL_DEVICE_NOT_AVAILABLE", "another program may hold it"},
    {-3, "CL_COMPILER_NOT_AVAILABLE", "the driver cannot build kernels from source"},
    {-4, "CL_MEM_OBJECT_ALLOCATION_FAILURE", "the device memory is full"},
    {-5, "CL_OUT_OF_RESOURCES", "the device ran out of memory or registers, or was reset"},
    {-6, "CL_OUT_OF_HOST_MEMORY", ""},
    {-7, "CL_PROFILING_INFO_NOT_AVAILABLE", ""},
    {-8, "CL_MEM_COPY_OVERLAP", ""},
    {-11, "CL_BUILD_PROGRAM_FAILURE", ""},
    {-12, "CL_MAP_FAILURE", ""},
    {-14, "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST", "an earlier command failed"},
    {-15, "CL_COMPILE_PROGRAM_FAILURE", ""},
    {-16, "CL_LINKER_NOT_AVAILABLE", ""},
    {-17, "CL_LINK_PROGRAM_FAILURE", ""},
    {-30, "CL_INVALID_VALUE", ""},
    {-31, "CL_INVALID_DEVICE_TYPE", ""},
    {-32, "CL_INVALID_PLATFORM", ""},
    {-33, "CL_INVALID_DEVICE", ""},
    {-34, "CL_INVALID_CONTEXT", ""},
    {-35, "CL_INVALID_QUEUE_PROPERTIES", ""},
    {-36, "CL_INVALID_COMMAND_QUEUE", "the device may have been reset"},
    {-37, "CL_INVALID_HOST_PTR", ""},
    {-38, "CL_INVALID_MEM_OBJECT", ""},
    {-42, "CL_INVALID_BINARY", ""},
    {-43, "CL_INVALID_BUILD_OPTIONS", ""},
    {-44, "CL_INVALID_PROGRAM", ""},
    {-45, "CL_INVALID_PROGRAM_EXECUTABLE", ""},
    {-46, "CL_INVALID_KERNEL_NAME", ""},
    {-48, "CL_INVALID_KERNEL", ""},
    {-49, "CL_INVALID_ARG_INDEX", ""},
    {-50, "CL_INVALID_ARG_VALUE", ""},
    {-51, "CL_INVALID_ARG_SIZE", ""},
    {-52, "CL_INVALID_KERNEL_ARGS", ""},
    {-53, "CL_INVALID_WORK_DIMENSION", ""},
    {-54, "CL_INVALID_WORK_GROUP_SIZE", ""},
    {-55, "CL_INVALID_WORK_ITEM_SIZE", ""},
    {-58, "CL_INVALID_EVENT", ""},
    {-59, "CL_INVALID_OPERATION", ""},
    {-61, "CL_INVALID_BUFFER_SIZE", "larger than the device allows"},
    {-63, "CL_INVALID_GLOBAL_WORK_SIZE", ""},
    {-64, "CL_INVALID_PROPERTY", ""},
    {-1001, "CL_PLATFORM_NOT_FOUND_KHR", "no OpenCL driver is installed"},
};

const ErrorRow* row_of(Int code) {
  const auto* const row = std::find_if(std::begin(k_errors), std::end(k_errors), [&](const ErrorRow& r) { return r.code == code; });
  return row != std::end(k_errors) ? row : nullptr;
}

}  // namespace

std::vector<std::string> library_names() {
  return {"libOpenCL.so.1", "libOpenCL.so", "/usr/lib/wsl/lib/libOpenCL.so.1",
          "/System/Library/Frameworks/OpenCL.framework/OpenCL", "OpenCL.dll"};
}

Result<Api> load(const LibraryLoader& libraries, const std::vector<std::string>& names) {
  auto library = libraries(names);
  if (!library) return std::move(library).error();
  Api api;
  api.library = *std::move(library);
  measuring::SymbolReader find(api.library);
  find(api.get_platform_ids, "clGetPlatformIDs");
  find(api.get_platform_info, "clGetPlatformInfo");
  find(api.get_device_ids, "clGetDeviceIDs");
  find(api.get_device_info, "clGetDeviceInfo");
  find(api.create_context, "clCreateContext");
  // The call of OpenCL 1.x: deprecated since 2.0 but exported by every loader.
  find(api.create_queue, "clCreateCommandQueue");
  find(api.create_program, "clCreateProgramWithSource");
  find(api.build_program, "clBuildProgram");
  find(api.get_build_info, "clGetProgramBuildInfo");
  find(api.create_kernel, "clCreateKernel");
  find(api.set_kernel_arg, "clSetKernelArg");
  find(api.create_buffer, "clCreateBuffer");
  find(api.enqueue_kernel, "clEnqueueNDRangeKernel");
  find(api.enqueue_read, "clEnqueueReadBuffer");
  find(api.enqueue_write, "clEnqueueWriteBuffer");
  find(api.enqueue_map, "clEnqueueMapBuffer");
  find(api.enqueue_unmap, "clEnqueueUnmapMemObject");
  find(api.finish, "clFinish");
  find(api.get_profiling_info, "clGetEventProfilingInfo");
  find(api.release_context, "clReleaseContext");
  find(api.release_queue, "clReleaseCommandQueue");
  find(api.release_program, "clReleaseProgram");
  find(api.release_kernel, "clReleaseKernel");
  find(api.release_memory, "clReleaseMemObject");
  find(api.release_event, "clReleaseEvent");
  if (!find.missing().empty())
    return Error{ErrorCode::unavailable, fmt::format("{} lacks {}; install a newer OpenCL loader", api.library.name(), find.missing())};
  return api;
}

std::string error_name(Int code) {
  const ErrorRow* const row = row_of(code);
  return row != nullptr ? std::string(row->name) : fmt::format("OpenCL error {}", code);
}

Error failure(Int code, std::string_view doing) {
  const ErrorRow* const row = row_of(code);
  std::string message = fmt::format("{}: {}", doing, error_name(code));
  if (row != nullptr && !row->meaning.empty()) message += fmt::format(" ({})", row->meaning);
  return {ErrorCode::unavailable, std::move(message)};
}

Status check(Int code, std::string_view doing) {
  if (code == k_success) return Done{};
  return failure(code, doing);
}

}  // namespace hardscape::opencl
