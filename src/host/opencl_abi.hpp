// The part of OpenCL's binary interface that is used here, declared by ourselves: the loader is opened at run time and
// no header of Khronos' is needed to build. Values follow cl.h 3.0 and the extensions named beside them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hardscape::opencl {

using Int = std::int32_t;
using Uint = std::uint32_t;
using Ulong = std::uint64_t;
using Bitfield = std::uint64_t;

// Opaque handles, one type each so that they cannot be mixed up.
using Platform = struct PlatformHandle*;
using Device = struct DeviceHandle*;
using Context = struct ContextHandle*;
using Queue = struct QueueHandle*;
using Program = struct ProgramHandle*;
using Kernel = struct KernelHandle*;
using Memory = struct MemoryHandle*;
using Event = struct EventHandle*;

inline constexpr Int k_success = 0;
inline constexpr Int k_device_not_found = -1;
inline constexpr Int k_no_platform = -1001;  // cl_khr_icd

inline constexpr Bitfield k_type_all = 0xffffffff;
inline constexpr Bitfield k_type_cpu = 1u << 1;
inline constexpr Bitfield k_type_gpu = 1u << 2;
inline constexpr Bitfield k_type_accelerator = 1u << 3;

inline constexpr Uint k_platform_name = 0x0902;

inline constexpr Uint k_device_type = 0x1000;
inline constexpr Uint k_device_vendor_id = 0x1001;
inline constexpr Uint k_device_max_compute_units = 0x1002;
inline constexpr Uint k_device_max_work_group_size = 0x1004;
inline constexpr Uint k_device_max_clock_mhz = 0x100c;
inline constexpr Uint k_device_max_mem_alloc_size = 0x1010;
inline constexpr Uint k_device_single_fp_config = 0x101b;
inline constexpr Uint k_device_global_cache_size = 0x101e;
inline constexpr Uint k_device_global_mem_size = 0x101f;
inline constexpr Uint k_device_available = 0x1027;
inline constexpr Uint k_device_compiler_available = 0x1028;
inline constexpr Uint k_device_name = 0x102b;
inline constexpr Uint k_device_vendor = 0x102c;
inline constexpr Uint k_driver_version = 0x102d;
inline constexpr Uint k_device_version = 0x102f;
inline constexpr Uint k_device_extensions = 0x1030;
inline constexpr Uint k_device_double_fp_config = 0x1032;
inline constexpr Uint k_device_half_fp_config = 0x1033;
inline constexpr Uint k_device_host_unified_memory = 0x1035;
inline constexpr Uint k_device_uuid = 0x106a;           // cl_khr_device_uuid
inline constexpr Uint k_device_pci_bus_info = 0x410f;   // cl_khr_pci_bus_info
inline constexpr Uint k_device_pci_bus_nv = 0x4008;     // cl_nv_device_attribute_query
inline constexpr Uint k_device_pci_slot_nv = 0x4009;
inline constexpr Uint k_device_pci_domain_nv = 0x400a;
inline constexpr Uint k_device_board_name_amd = 0x4038;  // cl_amd_device_attribute_query
inline constexpr Uint k_device_topology_amd = 0x4037;

inline constexpr Bitfield k_fp_fma = 1u << 5;

struct PciBusInfo {
  Uint domain, bus, device, function;
};
static_assert(sizeof(PciBusInfo) == 16);

struct TopologyAmd {
  Uint type;  // 1 is PCI Express
  char unused[17];
  unsigned char bus, device, function;
};
static_assert(sizeof(TopologyAmd) == 24 && offsetof(TopologyAmd, bus) == 21);

inline constexpr Bitfield k_queue_profiling = 1u << 1;
inline constexpr Bitfield k_mem_read_write = 1u << 0;
inline constexpr Bitfield k_mem_alloc_host = 1u << 4;
inline constexpr Bitfield k_map_read = 1u << 0;
inline constexpr Bitfield k_map_write = 1u << 1;
inline constexpr Uint k_build_log = 0x1183;
inline constexpr Uint k_profiling_start = 0x1282;
inline constexpr Uint k_profiling_end = 0x1283;

using GetPlatformIds = Int(Uint, Platform*, Uint*);
using GetPlatformInfo = Int(Platform, Uint, std::size_t, void*, std::size_t*);
using GetDeviceIds = Int(Platform, Bitfield, Uint, Device*, Uint*);
using GetDeviceInfo = Int(Device, Uint, std::size_t, void*, std::size_t*);
using CreateContext = Context(const std::intptr_t*, Uint, const Device*, void (*)(const char*, const void*, std::size_t, void*),
                              void*, Int*);
using CreateQueue = Queue(Context, Device, Bitfield, Int*);
using CreateProgram = Program(Context, Uint, const char**, const std::size_t*, Int*);
using BuildProgram = Int(Program, Uint, const Device*, const char*, void (*)(Program, void*), void*);
using GetBuildInfo = Int(Program, Device, Uint, std::size_t, void*, std::size_t*);
using CreateKernel = Kernel(Program, const char*, Int*);
using SetKernelArg = Int(Kernel, Uint, std::size_t, const void*);
using CreateBuffer = Memory(Context, Bitfield, std::size_t, void*, Int*);
using EnqueueKernel = Int(Queue, Kernel, Uint, const std::size_t*, const std::size_t*, const std::size_t*, Uint, const Event*,
                          Event*);
using EnqueueRead = Int(Queue, Memory, Uint, std::size_t, std::size_t, void*, Uint, const Event*, Event*);
using EnqueueWrite = Int(Queue, Memory, Uint, std::size_t, std::size_t, const void*, Uint, const Event*, Event*);
using EnqueueMap = void*(Queue, Memory, Uint, Bitfield, std::size_t, std::size_t, Uint, const Event*, Event*, Int*);
using EnqueueUnmap = Int(Queue, Memory, void*, Uint, const Event*, Event*);
using Finish = Int(Queue);
using GetProfilingInfo = Int(Event, Uint, std::size_t, void*, std::size_t*);
using ReleaseContext = Int(Context);
using ReleaseQueue = Int(Queue);
using ReleaseProgram = Int(Program);
using ReleaseKernel = Int(Kernel);
using ReleaseMemory = Int(Memory);
using ReleaseEvent = Int(Event);

}  // namespace hardscape::opencl
