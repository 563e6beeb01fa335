#include "detect/routes/accelerators/nvml_report.hpp"

#include "base/text.hpp"
#include "detect/routes/accelerators/pci_function.hpp"

namespace hardscape {
namespace {

constexpr std::size_t k_most_devices = 1024;
constexpr std::size_t k_most_instances = 64;

std::optional<Bytes> bytes(std::string_view text) {
  const auto value = parse_integer(text);
  if (!value || *value <= 0 || *value > (std::int64_t{1} << 50)) return std::nullopt;
  return Bytes{*value};
}

std::optional<int> number(std::string_view text, int least, int most) {
  const auto value = parse_integer(text);
  if (!value || *value < least || *value > most) return std::nullopt;
  return static_cast<int>(*value);
}

std::string short_text(std::string_view text) { return printable(trim(text.substr(0, 128))); }

void read_instance(NvmlMigInstance& instance, std::string_view name, std::string_view value) {
  if (name == "name") instance.name = short_text(value);
  if (name == "uuid") instance.uuid = short_text(value);
  if (name == "gpu_instance") instance.gpu_instance = number(value, 0, 1 << 20);
  if (name == "compute_instance") instance.compute_instance = number(value, 0, 1 << 20);
  if (name == "total") instance.total = bytes(value);
  if (name == "free") instance.free = bytes(value);
}

void read_device(NvmlDevice& device, std::string_view name, std::string_view value) {
  if (name == "failure") device.failure = number(value, 0, 9999).value_or(0);
  if (name == "address" && is_pci_address(value)) device.address = to_lower(value);
  if (name == "pci_device_id") {
    if (const auto id = parse_unsigned(value); id && *id <= 0xffffffff) device.pci_device_id = static_cast<std::uint32_t>(*id);
  }
  if (name == "name") device.name = short_text(value);
  if (name == "uuid") device.uuid = short_text(value);
  if (name == "compute_capability") device.compute_capability = short_text(value);
  if (name == "memory_failure") device.memory_failure = number(value, 0, 9999).value_or(0);
  if (name == "total") device.total = bytes(value);
  if (name == "reserved") device.reserved = bytes(value);
  if (name == "free") device.free = bytes(value);
  if (name == "power_limit_mw") {
    if (const auto milliwatts = number(value, 1, 30'000'000)) device.power_limit_w = *milliwatts / 1000.0;
  }
  if (name == "bus_bits") device.bus_bits = number(value, 1, 65536);
  if (name == "memory_clock_mhz") device.memory_clock_mhz = number(value, 1, 100'000);
  if (name == "cores") device.cores = number(value, 1, 1 << 24);
  if (name == "virtualization") device.virtualization = number(value, 0, 16);
  if (name == "addressing") device.addressing = number(value, 0, 16);
  if (name == "ecc") device.ecc = value == "1";
  if (name == "mig_mode") device.mig = value == "1";
}

}  // namespace

NvmlReport parse_nvml_report(std::string_view text) {
  NvmlReport report;
  NvmlDevice* device = nullptr;
  NvmlMigInstance* instance = nullptr;
  for (const std::string_view line : split_lines(text)) {
    const auto tab = line.find('\t');
    if (tab == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, tab);
    const std::string_view value = line.substr(tab + 1);
    if (name == "device") {
      if (report.devices.size() >= k_most_devices) break;
      device = &report.devices.emplace_back();
      instance = nullptr;
    } else if (name == "instance" && device != nullptr) {
      if (device->instances.size() >= k_most_instances) continue;
      instance = &device->instances.emplace_back();
    } else if (instance != nullptr) {
      read_instance(*instance, name, value);
    } else if (device != nullptr) {
      read_device(*device, name, value);
    } else if (name == "library") {
      report.has_library = true;
    } else if (name == "library_error") {
      report.library_error = printable(trim(value.substr(0, 512)));
    } else if (name == "library_version") {
      report.library_version = short_text(value);
    } else if (name == "failure") {
      report.failure = number(value, 0, 9999).value_or(0);
    } else if (name == "driver_version") {
      report.driver_version = short_text(value);
    } else if (name == "cuda_version") {
      report.cuda_version = number(value, 1000, 999'999);
    }
  }
  return report;
}

}  // namespace hardscape
