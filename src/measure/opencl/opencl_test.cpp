// OpenCL against whatever device is here (PoCL on a machine without a GPU), and against one that breaks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/text.hpp"

#include "measure/opencl/opencl_chains.hpp"
#include "measure/opencl/opencl_link.hpp"
#include "measure/opencl/opencl_memory.hpp"
#include "measure/opencl/opencl_source.hpp"
#include "measure/opencl/opencl_text.hpp"

// PoCL and its compiler keep memory until the process ends; the leak checker is to look at ours only.
// NOLINTBEGIN(bugprone-reserved-identifier): the name that the leak checker looks for
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libpocl\nleak:libLLVM\nleak:libclang-cpp\nleak:libOpenCL\n"; }
// NOLINTEND(bugprone-reserved-identifier)

namespace hardscape::opencl {
namespace {

using measuring::Probe;
using measuring::ProbeContext;
using testing::HasSubstr;

class OpenclHere : public testing::Test {
 protected:
  OpenclHere() : host_(live_host()) {
    options_.devices = {"opencl"};
    options_.memory = Bytes{24 * k_mib};
  }
  measuring::DeviceProbes list(const std::vector<std::string>& names = library_names()) {
    return opencl_probes(ProbeContext{*host_, machine_, options_}, names);
  }

  Result<Host> host_;
  Machine machine_;
  MeasureOptions options_;
};

TEST_F(OpenclHere, EveryProbeOfThisDeviceComputesRightNumbers) {
  for (const bool zeros : {false, true}) {
    options_.zeros = zeros;
    const auto found = list();
    ASSERT_FALSE(found.probes.empty());
    if (found.devices.front().id == "opencl") GTEST_SKIP() << found.probes.front().reason;
    EXPECT_EQ(found.devices.front().id, "opencl0");
    if (found.probes.front().working_set && contains_ignoring_case(found.devices.front().software, "portable")) {
      EXPECT_EQ(found.devices.front().hardware, "cpu");
    }
    for (const Probe& probe : found.probes) {
      if (probe.refused) {
        EXPECT_FALSE(probe.reason.empty());
        continue;
      }
      auto workload = probe.prepare();
      ASSERT_TRUE(workload) << probe.kernel << ": " << workload.error().message;
      const auto once = (*workload)->run(1);
      const auto twice = (*workload)->run(2);
      ASSERT_TRUE(once && twice) << probe.kernel;
      EXPECT_GT(once->seconds, 0);
      EXPECT_GT(once->work, 0);
      EXPECT_DOUBLE_EQ(twice->work, 2 * once->work);
      const auto right = (*workload)->verify();
      EXPECT_TRUE(right) << probe.kernel << ": " << right.error().message;
    }
  }
}

TEST_F(OpenclHere, ProcessorIsNotMeasuredTwiceUnlessAskedFor) {
  options_.devices.clear();
  for (const auto& device : list().devices) EXPECT_NE(device.id, "opencl");
  const auto asked = list({"/nowhere/libOpenCL.so.1"});
  EXPECT_TRUE(asked.probes.empty());
  EXPECT_TRUE(asked.devices.empty());
}

TEST_F(OpenclHere, AbsentRuntimeIsAnAnswer) {
  const auto found = list({"/nowhere/libOpenCL.so.1"});
  ASSERT_EQ(found.probes.size(), 1u);
  EXPECT_EQ(found.probes[0].refused, MeasureStatus::unsupported);
  EXPECT_THAT(found.probes[0].reason, HasSubstr("/nowhere/libOpenCL.so.1"));
}

TEST_F(OpenclHere, LibraryWithoutOpenclNamesTheMissingFunction) {
  const auto found = list({"libm.so.6"});
  ASSERT_EQ(found.probes.size(), 1u);
  EXPECT_THAT(found.probes[0].reason, HasSubstr("libm.so.6 lacks clGetPlatformIDs"));
}

// How four drivers tell where a card sits: by the extension of Khronos, NVIDIA's, AMD's, or not at all.
enum class Tells { khronos, nvidia, amd, nothing };
Tells g_tells;

template <class T>
Int give(T value, std::size_t size, void* to, std::size_t* needed) {
  if (needed != nullptr) *needed = sizeof value;
  if (to != nullptr && size < sizeof value) return -30;  // CL_INVALID_VALUE
  if (to != nullptr) std::memcpy(to, &value, sizeof value);
  return k_success;
}

TEST(OpenclDevices, SayWhereTheySit) {
  Api api;
  api.get_platform_ids = [](Uint, Platform* platforms, Uint* count) {
    platforms[0] = reinterpret_cast<Platform>(&g_tells);
    *count = 1;
    return k_success;
  };
  api.get_platform_info = [](Platform, Uint, std::size_t, void*, std::size_t*) { return Int{-30}; };
  api.get_device_ids = [](Platform, Bitfield, Uint, Device* devices, Uint* count) {
    devices[0] = reinterpret_cast<Device>(&g_tells);
    *count = 1;
    return k_success;
  };
  // cl_khr_pci_bus_info, cl_nv_device_attribute_query (0x4008 bus, 0x4009 slot, 0x400a domain) and cl_amd_device_topology.
  api.get_device_info = [](Device, Uint what, std::size_t size, void* to, std::size_t* needed) {
    if (g_tells == Tells::khronos && what == 0x410f) return give(PciBusInfo{1, 0x41, 2, 1}, size, to, needed);
    if (g_tells == Tells::nvidia && what == 0x4008) return give(Uint{0x41}, size, to, needed);
    if (g_tells == Tells::nvidia && what == 0x4009) return give(Uint{0x11}, size, to, needed);
    if (g_tells == Tells::nvidia && what == 0x400a) return give(Uint{1}, size, to, needed);
    if (g_tells == Tells::amd && what == 0x4037) return give(TopologyAmd{1, {}, 0x41, 2, 1}, size, to, needed);
    return Int{-30};
  };
  const std::pair<Tells, std::optional<std::string>> rows[] = {
      {Tells::khronos, "0001:41:02.1"}, {Tells::nvidia, "0001:41:02.1"}, {Tells::amd, "0000:41:02.1"}, {Tells::nothing, std::nullopt}};
  for (const auto& [tells, pci] : rows) {
    g_tells = tells;
    const auto list = list_devices(api);
    ASSERT_TRUE(list);
    EXPECT_EQ(list->devices.at(0).pci, pci);
  }
}

TEST(OpenclErrors, AreNamedAsInTheHeader) {
  // cl.h and cl_ext.h of OpenCL 3.0.
  const std::pair<Int, const char*> rows[] = {{-5, "CL_OUT_OF_RESOURCES"},     {-11, "CL_BUILD_PROGRAM_FAILURE"}, {-4, "CL_MEM_OBJECT_ALLOCATION_FAILURE"},
                                              {-54, "CL_INVALID_WORK_GROUP_SIZE"}, {-61, "CL_INVALID_BUFFER_SIZE"},   {-1001, "CL_PLATFORM_NOT_FOUND_KHR"}};
  for (const auto& [code, name] : rows) EXPECT_EQ(error_name(code), name);
  EXPECT_EQ(error_name(-4242), "OpenCL error -4242");
  EXPECT_THAT(failure(-5, "launching 'copy'").message, HasSubstr("launching 'copy': CL_OUT_OF_RESOURCES"));
}

TEST(OpenclClock, IsBelievedOnlyWhenItDoesNotFlatter) {
  const struct {
    std::optional<double> device;
    double host;
    double expected;
  } rows[] = {{0.010, 0.011, 0.010}, {std::nullopt, 0.5, 0.5}, {0.0, 0.5, 0.5}, {-1.0, 0.5, 0.5}, {0.1, 0.5, 0.5}, {0.9, 0.5, 0.5}, {1e-5, 1e-3, 1e-5}};
  for (const auto& row : rows) EXPECT_EQ(believable(row.device, row.host), row.expected);
}

TEST(OpenclBuffers, AreLargeAgainstTheCacheAndSmallAgainstTheMemory) {
  DeviceInfo gpu;
  gpu.type = k_type_gpu;
  for (const Ulong memory : {Ulong{256} << 20, Ulong{2} << 30, Ulong{24} << 30, Ulong{141} << 30}) {
    for (const Ulong cache : {Ulong{0}, Ulong{6} << 20, Ulong{128} << 20}) {
      gpu.memory = memory;
      gpu.cache = cache;
      gpu.allocation_most = memory / 4;
      const std::uint64_t bytes = buffer_bytes(gpu, std::nullopt);
      EXPECT_LE(3 * bytes, memory);
      EXPECT_LE(bytes, gpu.allocation_most);
      EXPECT_EQ(bytes % static_cast<std::uint64_t>(k_mib), 0u);
      if (memory >= static_cast<Ulong>(24 * k_gib)) {
        EXPECT_GE(bytes, 4 * cache);
        EXPECT_GE(bytes, static_cast<std::uint64_t>(k_gib));
      }
      EXPECT_LE(3 * buffer_bytes(gpu, Bytes{30 * k_mib}), static_cast<std::uint64_t>(30 * k_mib));
    }
  }
}

// A device of one's own: every call can be made to fail, and what was made must be given back.
struct Broken {
  int made = 0;
  int released = 0;
  std::string failing;
  Int code = -5;
};
Broken g_broken;

template <class Handle>
Handle make(const char* name, Int* code) {
  const bool fails = g_broken.failing == name;
  if (code != nullptr) *code = fails ? g_broken.code : k_success;
  if (fails) return nullptr;
  ++g_broken.made;
  return reinterpret_cast<Handle>(&g_broken);
}
template <class Handle>
Int release(Handle) {
  ++g_broken.released;
  return k_success;
}
Int answer(const char* name) { return g_broken.failing == name ? g_broken.code : k_success; }

Api broken_api() {
  Api api;
  api.create_context = [](const std::intptr_t*, Uint, const Device*, void (*)(const char*, const void*, std::size_t, void*), void*, Int* code) { return make<Context>("context", code); };
  api.create_queue = [](Context, Device, Bitfield, Int* code) { return make<Queue>("queue", code); };
  api.create_program = [](Context, Uint, const char**, const std::size_t*, Int* code) { return make<Program>("program", code); };
  api.build_program = [](Program, Uint, const Device*, const char*, void (*)(Program, void*), void*) { return answer("build"); };
  api.get_build_info = [](Program, Device, Uint, std::size_t size, void* to, std::size_t* needed) {
    constexpr std::string_view k_log = "error: too many registers";
    if (needed != nullptr) *needed = k_log.size();
    if (to != nullptr) k_log.copy(static_cast<char*>(to), size);
    return k_success;
  };
  api.create_kernel = [](Program, const char*, Int* code) { return make<Kernel>("kernel", code); };
  api.set_kernel_arg = [](Kernel, Uint, std::size_t, const void*) { return answer("argument"); };
  api.create_buffer = [](Context, Bitfield, std::size_t, void*, Int* code) { return make<Memory>("buffer", code); };
  api.enqueue_kernel = [](Queue, Kernel, Uint, const std::size_t*, const std::size_t*, const std::size_t*, Uint, const Event*, Event* event) {
    if (const Int code = answer("launch"); code != k_success) return code;
    if (event != nullptr) *event = make<Event>("event", nullptr);
    return k_success;
  };
  api.enqueue_read = [](Queue, Memory, Uint, std::size_t, std::size_t, void*, Uint, const Event*, Event* event) {
    if (const Int code = answer("read"); code != k_success) return code;
    if (event != nullptr) *event = make<Event>("event", nullptr);
    return k_success;
  };
  api.enqueue_write = [](Queue, Memory, Uint, std::size_t, std::size_t, const void*, Uint, const Event*, Event* event) {
    if (const Int code = answer("write"); code != k_success) return code;
    if (event != nullptr) *event = make<Event>("event", nullptr);
    return k_success;
  };
  api.enqueue_map = [](Queue, Memory, Uint, Bitfield, std::size_t bytes, std::size_t, Uint, const Event*, Event*, Int* code) -> void* {
    static std::vector<char> memory;
    memory.resize(std::max(memory.size(), std::size_t{4} << 20));
    static_cast<void>(bytes);
    *code = answer("map");
    return *code == k_success ? memory.data() : nullptr;
  };
  api.enqueue_unmap = [](Queue, Memory, void*, Uint, const Event*, Event*) { return answer("unmap"); };
  api.finish = [](Queue) { return answer("finish"); };
  api.get_profiling_info = [](Event, Uint which, std::size_t, void* to, std::size_t*) {
    *static_cast<Ulong*>(to) = which == k_profiling_end ? 5'000'000 : 0;
    return answer("profiling");
  };
  api.release_context = release<Context>;
  api.release_queue = release<Queue>;
  api.release_program = release<Program>;
  api.release_kernel = release<Kernel>;
  api.release_memory = release<Memory>;
  api.release_event = release<Event>;
  return api;
}

std::vector<Probe> broken_probes() {
  ProbedDevice device;
  device.id = "opencl0";
  device.api = broken_api();
  device.info.name = "Broken 9000";
  device.info.type = k_type_gpu;
  device.info.compute_units = 4;
  device.info.work_group_most = 64;
  device.info.has_fp64 = device.info.has_fp16 = device.info.has_fma_fp32 = true;
  device.info.extensions = " cl_khr_integer_dot_product ";
  device.memory = Bytes{8 * k_mib};
  device.session = std::make_shared<std::shared_ptr<Session>>();
  std::vector<Probe> probes;
  add_memory_probes(device, probes);
  add_chain_probes(device, probes);
  add_link_probes(device, probes);
  return probes;
}

TEST(OpenclFaults, EachCallThatFailsBecomesASentenceAndLeaksNothing) {
  for (const char* const failing : {"", "context", "queue", "program", "build", "kernel", "argument", "buffer", "launch", "read", "write",
                                    "map", "unmap", "finish", "profiling"}) {
    g_broken = {};
    g_broken.failing = failing;
    int troubles = 0;
    for (const Probe& probe : broken_probes()) {
      auto workload = probe.prepare();
      Error error;
      if (!workload) {
        error = workload.error();
      } else if (const auto timing = (*workload)->run(3); !timing) {
        error = timing.error();
      } else {
        EXPECT_GT(timing->work, 0);
        const auto right = (*workload)->verify();
        EXPECT_FALSE(right) << probe.kernel << ": a device that computes nothing passed";
        if (!right) error = right.error();
      }
      EXPECT_FALSE(error.message.empty()) << failing;
      if (error.message.find("CL_OUT_OF_RESOURCES") != std::string::npos) ++troubles;
      if (failing == std::string_view("build") && probe.working_set && probe.group != "link") {
        EXPECT_THAT(error.message, HasSubstr("Broken 9000: CL_OUT_OF_RESOURCES"));
        EXPECT_THAT(error.message, HasSubstr("error: too many registers"));
      }
    }
    const bool harmless = std::string_view(failing).empty() || failing == std::string_view("unmap") || failing == std::string_view("profiling");
    if (!harmless) {
      EXPECT_GT(troubles, 0) << failing;
    }
    EXPECT_EQ(g_broken.made, g_broken.released) << failing;
  }
}

}  // namespace
}  // namespace hardscape::opencl
