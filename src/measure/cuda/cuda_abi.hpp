// The part of CUDA's driver interface that is used here, declared by ourselves: the driver's library is opened at run
// time and no toolkit is needed to build or to run. Values follow cuda.h.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hardscape::cuda {

using Code = int;        // CUresult
using Ordinal = int;     // CUdevice
using Pointer = std::uint64_t;  // CUdeviceptr
using Context = struct ContextHandle*;
using Module = struct ModuleHandle*;
using Function = struct FunctionHandle*;
using Stream = struct StreamHandle*;
using Event = struct EventHandle*;

inline constexpr Code k_success = 0;
inline constexpr Code k_out_of_memory = 2;
inline constexpr Code k_device_unavailable = 46;
inline constexpr Code k_no_device = 100;
inline constexpr Code k_unsupported_ptx = 222;
inline constexpr Code k_system_not_ready = 802;
inline constexpr Code k_driver_mismatch = 803;
inline constexpr Code k_compat_not_supported = 804;

// CUdevice_attribute
inline constexpr int k_multiprocessors = 16;
inline constexpr int k_integrated = 18;
inline constexpr int k_compute_mode = 20;   // 2: prohibited
inline constexpr int k_l2_bytes = 38;
inline constexpr int k_major = 75;
inline constexpr int k_minor = 76;

// CUjit_option
inline constexpr int k_jit_error_log = 5;
inline constexpr int k_jit_error_log_bytes = 6;

inline constexpr unsigned k_stream_non_blocking = 1;

using Init = Code(unsigned);
using DriverGetVersion = Code(int*);
using DeviceGetCount = Code(int*);
using DeviceGet = Code(Ordinal*, int);
using DeviceGetText = Code(char*, int, Ordinal);
using DeviceTotalMem = Code(std::size_t*, Ordinal);
using DeviceGetAttribute = Code(int*, int, Ordinal);
using GetErrorText = Code(Code, const char**);
using PrimaryContextRetain = Code(Context*, Ordinal);
using PrimaryContextRelease = Code(Ordinal);
using ContextSetCurrent = Code(Context);
using MemGetInfo = Code(std::size_t*, std::size_t*);
using MemAlloc = Code(Pointer*, std::size_t);
using MemFree = Code(Pointer);
using MemHostAlloc = Code(void**, std::size_t, unsigned);
using MemFreeHost = Code(void*);
using CopyToHost = Code(void*, Pointer, std::size_t);
using CopyToDeviceAsync = Code(Pointer, const void*, std::size_t, Stream);
using CopyToHostAsync = Code(void*, Pointer, std::size_t, Stream);
using CopyOnDeviceAsync = Code(Pointer, Pointer, std::size_t, Stream);
using ModuleLoad = Code(Module*, const void*, unsigned, int*, void**);
using ModuleUnload = Code(Module);
using ModuleGetFunction = Code(Function*, Module, const char*);
using LaunchKernel = Code(Function, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, Stream, void**, void**);
using StreamCreate = Code(Stream*, unsigned);
using StreamOf = Code(Stream);   // synchronise, destroy
using EventCreate = Code(Event*, unsigned);
using EventRecord = Code(Event, Stream);
using EventOf = Code(Event);     // synchronise, destroy
using EventElapsed = Code(float*, Event, Event);

}  // namespace hardscape::cuda
