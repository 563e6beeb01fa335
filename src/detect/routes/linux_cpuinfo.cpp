#include "base/text.hpp"
#include "detect/arm_cores.hpp"
#include "detect/cpu_features.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

// The first paragraph of an x86 text fits; the kernel then need not write the other 255.
constexpr std::size_t k_first_paragraph = 8192;

std::string one_space_between_words(std::string_view text) {
  std::string out;
  for (const std::string_view word : split_words(text)) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return printable(out);
}

std::string vendor_of(const Cpuinfo& info) {
  if (!info.processors.empty() && info.processors.front().implementer)
    return arm_core(*info.processors.front().implementer, 0).vendor;
  if (info.name.starts_with("POWER")) return "IBM";
  if (info.name.starts_with("Loongson")) return "Loongson";
  return vendor_name(info.vendor_id);
}

}  // namespace

void observe_cpuinfo(const Host& host, const DetectOptions&, Sightings& seen) {
  auto text = host.files.read("/proc/cpuinfo", k_first_paragraph);
  if (!text) return;
  seen.cpuinfo = parse_cpuinfo(*text);
  // Elsewhere, or without sysfs, the paragraphs differ or are all there is.
  const bool first_is_enough =
      seen.cpuinfo.architecture.starts_with("x86") && host.files.exists("/sys/devices/system/cpu/online");
  if (text->size() >= k_first_paragraph && !first_is_enough) {
    text = host.files.read("/proc/cpuinfo");
    if (text) seen.cpuinfo = parse_cpuinfo(*text);
  }
  const Cpuinfo& info = seen.cpuinfo;
  // Intel pads names with spaces.
  if (!info.name.empty()) seen.processor.name = one_space_between_words(info.name);
  if (std::string vendor = vendor_of(info); !vendor.empty()) seen.processor.vendor = std::move(vendor);
  const auto kernel_word = host.files.read_line("/proc/sys/kernel/arch");
  if (kernel_word) {
    seen.processor.architecture = *kernel_word;
  } else if (!info.architecture.empty()) {
    seen.processor.architecture = info.architecture;
  }
}

}  // namespace hardscape
