#ifdef __APPLE__

#include <mach/mach.h>
#include <sys/sysctl.h>

#include <array>

#include "detect/parse/macos_sysctl.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

constexpr const char* k_texts[] = {"machdep.cpu.brand_string", "hw.model", "kern.osproductversion", "kern.osrelease",
                                   "hw.perflevel0.name", "hw.perflevel1.name", "hw.perflevel2.name"};
constexpr const char* k_numbers[] = {
    "hw.logicalcpu", "hw.physicalcpu", "hw.ncpu", "hw.packages", "hw.memsize", "hw.memsize_usable", "hw.nperflevels",
    "hw.l1icachesize", "hw.l1dcachesize", "hw.l2cachesize", "hw.l3cachesize", "kern.hv_vmm_present",
    "sysctl.proc_translated", "hw.optional.arm64", "hw.optional.neon", "hw.optional.AdvSIMD", "hw.optional.arm.AdvSIMD",
    "hw.optional.arm.FEAT_FP16", "hw.optional.arm.FEAT_DotProd", "hw.optional.arm.FEAT_FHM", "hw.optional.arm.FEAT_I8MM",
    "hw.optional.arm.FEAT_BF16", "hw.optional.arm.FEAT_SME", "hw.optional.arm.FEAT_SME2", "hw.optional.sse4_2",
    "hw.optional.avx1_0", "hw.optional.f16c", "hw.optional.fma", "hw.optional.avx2_0", "hw.optional.avx512f",
    "hw.optional.avx512dq", "hw.optional.avx512bw", "hw.optional.avx512vl", "hw.optional.avx512vbmi"};
constexpr const char* k_level_numbers[] = {"physicalcpu", "logicalcpu", "l1icachesize", "l1dcachesize", "l2cachesize", "cpusperl2"};

void add_number(std::string& text, const std::string& key) {
  std::int64_t value = 0;  // a 32-bit answer fills the low half on these little-endian machines
  std::size_t size = sizeof value;
  if (::sysctlbyname(key.c_str(), &value, &size, nullptr, 0) == 0) text += key + ": " + std::to_string(value) + '\n';
}

std::optional<Bytes> available_now() {
  vm_statistics64_data_t pages{};
  mach_msg_type_number_t count = HOST_VM_INFO64_COUNT;
  const mach_port_t port = ::mach_host_self();
  vm_size_t page = 0;
  if (::host_page_size(port, &page) != KERN_SUCCESS) return std::nullopt;
  if (::host_statistics64(port, HOST_VM_INFO64, reinterpret_cast<host_info64_t>(&pages), &count) != KERN_SUCCESS)
    return std::nullopt;
  const std::uint64_t free = std::uint64_t{pages.free_count} + pages.inactive_count + pages.purgeable_count;
  return Bytes{static_cast<std::int64_t>(free * page)};
}

}  // namespace

void observe_macos(const Host& host, const DetectOptions&, Sightings& seen) {
  if (!host.is_live) return;
  std::string text;
  for (const char* key : k_texts) {
    std::array<char, 256> value{};
    std::size_t size = value.size() - 1;
    if (::sysctlbyname(key, value.data(), &size, nullptr, 0) == 0) text += std::string(key) + ": " + value.data() + '\n';
  }
  for (const char* key : k_numbers) add_number(text, key);
  for (int level = 0; level < 4; ++level) {
    for (const char* key : k_level_numbers) add_number(text, "hw.perflevel" + std::to_string(level) + '.' + key);
  }
  parse_macos_sysctl(text, seen);
  seen.memory.available = available_now();
  xsw_usage swap{};
  std::size_t size = sizeof swap;
  if (::sysctlbyname("vm.swapusage", &swap, &size, nullptr, 0) == 0) seen.memory.swap = Bytes{static_cast<std::int64_t>(swap.xsu_total)};
}

}  // namespace hardscape

#endif  // __APPLE__
