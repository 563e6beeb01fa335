#include "detect/routes/accelerators/nvml_query.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>

#include "base/text.hpp"
#include "host/nvml_abi.hpp"

namespace hardscape {
namespace {

using namespace nvml;

// One call that may be missing from an old library: its code is "function not found" then.
template <class Function, class... Arguments>
Return call(const Library& library, const char* name, Arguments... arguments) {
  Function* const function = library.function<Function>(name);
  return function != nullptr ? function(arguments...) : static_cast<Return>(k_function_not_found);
}

class Writer {
 public:
  template <class T>
  void line(std::string_view name, const T& value) {
    text_ += fmt::format("{}\t{}\n", name, value);
  }
  void text(std::string_view name, const char* value, std::size_t most) {
    std::string_view whole(value, most);
    whole = whole.substr(0, whole.find('\0'));
    line(name, printable(whole));
  }
  std::string take() && { return std::move(text_); }

 private:
  std::string text_;
};

// libnvidia-ml.so.590.48.01 behind the name that was opened; empty when the file carries no version.
std::string version_of_file(const Library& library) {
  Dl_info info{};
  void* const symbol = library.symbol("nvmlShutdown");
  if (symbol == nullptr || ::dladdr(symbol, &info) == 0 || info.dli_fname == nullptr) return {};
  std::array<char, PATH_MAX> real{};
  const char* const path = ::realpath(info.dli_fname, real.data()) != nullptr ? real.data() : info.dli_fname;
  const std::string_view name(path);
  const auto so = name.rfind(".so.");
  if (so == std::string_view::npos) return {};
  const std::string_view version = name.substr(so + 4);
  return version.find('.') == std::string_view::npos ? std::string() : std::string(version);
}

void write_memory(const Library& library, Device device, Writer& out, bool is_instance) {
  MemoryV2 memory{};
  memory.version = k_memory_v2;
  Return code = call<GetMemoryV2>(library, "nvmlDeviceGetMemoryInfo_v2", device, &memory);
  if (code != k_success) {
    MemoryV1 old{};
    const Return old_code = call<GetMemoryV1>(library, "nvmlDeviceGetMemoryInfo", device, &old);
    if (old_code == k_success) {
      code = k_success;
      memory.total = old.total;
      memory.reserved = 0;  // inside `used`, size unknown
      memory.free = old.free;
    } else if (code == k_function_not_found) {
      code = old_code;
    }
  }
  if (code != k_success) {
    if (!is_instance) out.line("memory_failure", code);
    return;
  }
  out.line("total", memory.total - std::min(memory.reserved, memory.total));
  if (!is_instance) out.line("reserved", memory.reserved);
  out.line("free", memory.free);
}

void write_number(const Library& library, Device device, Writer& out, const char* name, const char* function) {
  unsigned value = 0;
  if (call<GetNumber>(library, function, device, &value) == k_success) out.line(name, value);
}

void write_text(const Library& library, Device device, Writer& out, const char* name, const char* function) {
  std::array<char, 96> text{};
  if (call<GetDeviceText>(library, function, device, text.data(), static_cast<unsigned>(text.size())) == k_success)
    out.text(name, text.data(), text.size());
}

void write_instances(const Library& library, Device device, Writer& out) {
  unsigned most = 0;
  if (call<GetNumber>(library, "nvmlDeviceGetMaxMigDeviceCount", device, &most) != k_success) return;
  for (unsigned i = 0; i < std::min(most, 64u); ++i) {
    Device instance = nullptr;
    if (call<GetMigDevice>(library, "nvmlDeviceGetMigDeviceHandleByIndex", device, i, &instance) != k_success) continue;
    out.line("instance", i);
    write_text(library, instance, out, "name", "nvmlDeviceGetName");
    write_text(library, instance, out, "uuid", "nvmlDeviceGetUUID");
    write_number(library, instance, out, "gpu_instance", "nvmlDeviceGetGpuInstanceId");
    write_number(library, instance, out, "compute_instance", "nvmlDeviceGetComputeInstanceId");
    write_memory(library, instance, out, true);
  }
}

void write_device(const Library& library, Device device, Writer& out) {
  PciInfo pci{};
  if (call<GetPciInfo>(library, "nvmlDeviceGetPciInfo_v3", device, &pci) == k_success) {
    out.line("address", fmt::format("{:04x}:{:02x}:{:02x}.0", pci.domain, pci.bus & 0xff, pci.device & 0x1f));
    out.line("pci_device_id", pci.pci_device_id);
  }
  write_text(library, device, out, "name", "nvmlDeviceGetName");
  write_text(library, device, out, "uuid", "nvmlDeviceGetUUID");
  int major = 0;
  int minor = 0;
  if (call<GetTwoNumbers>(library, "nvmlDeviceGetCudaComputeCapability", device, &major, &minor) == k_success)
    out.line("compute_capability", fmt::format("{}.{}", major, minor));
  write_memory(library, device, out, false);
  write_number(library, device, out, "power_limit_mw", "nvmlDeviceGetEnforcedPowerLimit");
  write_number(library, device, out, "bus_bits", "nvmlDeviceGetMemoryBusWidth");
  write_number(library, device, out, "cores", "nvmlDeviceGetNumGpuCores");
  unsigned clock = 0;
  if (call<GetClock>(library, "nvmlDeviceGetMaxClockInfo", device, k_memory_clock, &clock) == k_success)
    out.line("memory_clock_mhz", clock);
  write_number(library, device, out, "virtualization", "nvmlDeviceGetVirtualizationMode");
  AddressingMode addressing{k_addressing_mode_v1, 0};
  if (call<GetAddressingMode>(library, "nvmlDeviceGetAddressingMode", device, &addressing) == k_success)
    out.line("addressing", addressing.value);
  unsigned current = 0;
  unsigned pending = 0;
  if (call<GetModes>(library, "nvmlDeviceGetEccMode", device, &current, &pending) == k_success) out.line("ecc", current);
  if (call<GetModes>(library, "nvmlDeviceGetMigMode", device, &current, &pending) == k_success) {
    out.line("mig_mode", current);
    if (current == 1) write_instances(library, device, out);
  }
}

void write_system(const Library& library, Writer& out) {
  std::array<char, 96> text{};
  if (call<GetText>(library, "nvmlSystemGetDriverVersion", text.data(), static_cast<unsigned>(text.size())) == k_success)
    out.text("driver_version", text.data(), text.size());
  int cuda = 0;
  if (call<GetCudaVersion>(library, "nvmlSystemGetCudaDriverVersion_v2", &cuda) == k_success) out.line("cuda_version", cuda);
}

}  // namespace

std::string query_nvml(const LibraryLoader& libraries, const std::vector<std::string>& names,
                       const std::vector<std::string>& only) {
  Writer out;
  const auto library = libraries(names);
  if (!library) {
    out.line("library_error", printable(library.error().message));
    return std::move(out).take();
  }
  out.line("library", library->name());
  if (const std::string version = version_of_file(*library); !version.empty()) out.line("library_version", version);

  Return code = only.empty() ? static_cast<Return>(k_function_not_found)
                             : call<InitWithFlags>(*library, "nvmlInitWithFlags", k_init_no_gpus | k_init_no_attach);
  const bool asks_some = code == k_success;
  if (!asks_some && only.empty()) code = call<Init>(*library, "nvmlInit_v2");
  if (code != k_success) {
    out.line("failure", code);
    return std::move(out).take();
  }
  write_system(*library, out);
  if (asks_some) {
    for (const std::string& address : only) {
      Device device = nullptr;
      const Return found = call<GetByBusId>(*library, "nvmlDeviceGetHandleByPciBusId_v2", address.c_str(), &device);
      out.line("device", address);
      if (found == k_success) write_device(*library, device, out);
      else out.line("failure", found);
    }
  } else {
    unsigned count = 0;
    code = call<GetCount>(*library, "nvmlDeviceGetCount_v2", &count);
    if (code != k_success) out.line("failure", code);
    for (unsigned i = 0; i < std::min(count, 1024u); ++i) {
      Device device = nullptr;
      const Return found = call<GetByIndex>(*library, "nvmlDeviceGetHandleByIndex_v2", i, &device);
      out.line("device", i);
      // One lost card must not hide the others.
      if (found == k_success) write_device(*library, device, out);
      else out.line("failure", found);
    }
  }
  call<Shutdown>(*library, "nvmlShutdown");
  return std::move(out).take();
}

}  // namespace hardscape
