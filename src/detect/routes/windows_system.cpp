#ifdef _WIN32

#include <windows.h>

#include <array>
#include <vector>

#include "detect/cpu_features.hpp"
#include "detect/parse/smbios.hpp"
#include "detect/parse/windows_topology.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

std::string processors_buffer() {
  DWORD size = 0;
  ::GetLogicalProcessorInformationEx(RelationAll, nullptr, &size);
  std::string buffer(size, '\0');
  auto* first = reinterpret_cast<SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX*>(buffer.data());
  if (size == 0 || !::GetLogicalProcessorInformationEx(RelationAll, first, &size)) return {};
  buffer.resize(size);
  return buffer;
}

std::optional<std::string> registry_text(const char* key, const char* value) {
  std::array<char, 512> text{};
  DWORD size = static_cast<DWORD>(text.size() - 1);
  if (::RegGetValueA(HKEY_LOCAL_MACHINE, key, value, RRF_RT_REG_SZ, nullptr, text.data(), &size) != ERROR_SUCCESS)
    return std::nullopt;
  return std::string(text.data());
}

const char* architecture_now() {
  // The machine's own architecture, not that of an emulated program.
  USHORT process = 0;
  USHORT machine = 0;
  if (!::IsWow64Process2(::GetCurrentProcess(), &process, &machine)) return "";
  return machine == IMAGE_FILE_MACHINE_ARM64 ? "aarch64" : machine == IMAGE_FILE_MACHINE_AMD64 ? "x86_64" : "";
}

void observe_memory_now(Sightings& seen) {
  MEMORYSTATUSEX status{};
  status.dwLength = sizeof status;
  if (!::GlobalMemoryStatusEx(&status)) return;
  seen.memory.total = Bytes{static_cast<std::int64_t>(status.ullTotalPhys)};
  seen.memory.available = Bytes{static_cast<std::int64_t>(status.ullAvailPhys)};
  if (status.ullTotalPageFile > status.ullTotalPhys)
    seen.memory.swap = Bytes{static_cast<std::int64_t>(status.ullTotalPageFile - status.ullTotalPhys)};
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION job{};
  if (::QueryInformationJobObject(nullptr, JobObjectExtendedLimitInformation, &job, sizeof job, nullptr) &&
      (job.BasicLimitInformation.LimitFlags & JOB_OBJECT_LIMIT_JOB_MEMORY) != 0) {
    seen.allowed.memory_limit = Bytes{static_cast<std::int64_t>(job.JobMemoryLimit)};
    seen.allowed.memory_limit_path = "job object";
  }
}

// The firmware's tables; Windows shows them to everybody.
void observe_modules(Sightings& seen) {
  constexpr DWORD k_provider = 0x52534d42;  // 'RSMB'
  constexpr std::size_t k_header = 8;       // version bytes and the length of the table
  const UINT size = ::GetSystemFirmwareTable(k_provider, 0, nullptr, 0);
  std::string buffer(size, '\0');
  if (size <= k_header || ::GetSystemFirmwareTable(k_provider, 0, buffer.data(), size) != size) return;
  const MemoryLayout layout = layout_of(parse_smbios(std::string_view(buffer).substr(k_header)));
  const Source source{Origin::reported, "GetSystemFirmwareTable(RSMB)", "", Confidence::unstated};
  if (!layout.type.empty()) learn(seen.memory.type, {layout.type, source});
  if (layout.rate) learn(seen.memory.rate, {*layout.rate, source});
  if (seen.topology.packages.size() > 1 && !layout.names_processors) return;
  seen.memory.channels = layout.channels;
  seen.memory.bus_bits = layout.bus_bits;
}

}  // namespace

void observe_windows(const Host& host, const DetectOptions&, Sightings& seen) {
  if (!host.is_live) return;
  seen.topology = parse_windows_topology(processors_buffer());
  seen.topology.route = "GetLogicalProcessorInformationEx";
  constexpr const char* k_processor = "HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0";
  seen.processor.name = registry_text(k_processor, "ProcessorNameString");
  seen.processor.vendor = vendor_name(registry_text(k_processor, "VendorIdentifier").value_or(""));
  seen.processor.architecture = architecture_now();
  seen.os.name = "Windows";
  constexpr const char* k_version = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
  seen.os.version = registry_text(k_version, "DisplayVersion");
  seen.os.kernel = registry_text(k_version, "CurrentBuildNumber");
  constexpr const char* k_bios = "HARDWARE\\DESCRIPTION\\System\\BIOS";
  const auto maker = registry_text(k_bios, "SystemManufacturer");
  if (const auto product = registry_text(k_bios, "SystemProductName"))
    seen.board = maker ? *maker + ' ' + *product : *product;
  observe_memory_now(seen);
  observe_modules(seen);
}

}  // namespace hardscape

#endif  // _WIN32
