#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/routes/accelerators/known_devices.hpp"
#include "detect/routes/accelerators/pci_function.hpp"
#include "detect/routes/accelerators/pci_names.hpp"
#include "detect/routes/accelerators/routes_of_accelerators.hpp"

namespace hardscape {
namespace {

constexpr std::uint32_t k_display = 0x03;
constexpr std::uint32_t k_processing_accelerator = 0x12;

// Coprocessors, signal processing (AMD's NPUs), system peripherals (Coral, AWS Neuron), unassigned.
bool may_be_accelerator(std::uint32_t class_code) {
  const std::uint32_t base = class_code >> 16;
  const std::uint32_t with_subclass = class_code >> 8;
  return base == k_display || base == k_processing_accelerator || with_subclass == 0x0b40 || with_subclass == 0x1180 ||
         with_subclass == 0x0880 || base == 0xff;
}

bool is_peripheral(std::uint32_t class_code) {
  return class_code >> 8 == 0x0880 || class_code >> 16 == 0xff;
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  return parse_unsigned(text, 16);
}

bool is_chipset_vendor(std::uint16_t vendor) { return vendor == 0x8086 || vendor == 0x1022 || vendor == 0x1af4; }

// Why programs cannot use a GPU with this kernel driver; nothing when they can.
std::optional<std::string> driver_refusal(const PciFunction& function) {
  if (!function.driver) return "No kernel driver is loaded for it.";
  const std::string& driver = *function.driver;
  if (driver == "vfio-pci" || driver == "pci-stub") return "It is set aside for a virtual machine (driver " + driver + ").";
  if (driver == "nouveau" || driver == "nova_core")
    return "The " + driver + " driver cannot run compute programs; install NVIDIA's driver.";
  if (driver == "radeon") return "The radeon driver cannot run compute programs, and amdgpu does not serve this generation well.";
  return std::nullopt;
}

void add_gpu(const FileTree& files, const PciFunction& function, Sightings& seen) {
  AcceleratorSighting& sighting = seen.accelerator(function.pci.address);
  if (!sighting.folder.empty()) return;
  sighting.folder = function.folder;
  sighting.is_asleep = function.is_asleep;
  Accelerator& device = sighting.device;
  device.kind = AcceleratorKind::gpu;
  device.vendor = vendor_name(function.pci.vendor_id);
  device.name = name_of(files, function.pci);
  device.driver = function.driver;
  device.pci = function.pci;
  device.numa_node = function.numa_node;
  device.why_not = driver_refusal(function);
  device.usable = !device.why_not;
}

void add_known(const PciFunction& function, const KnownAccelerator& known, Sightings& seen) {
  AcceleratorSighting& sighting = seen.accelerator(function.pci.address);
  if (!sighting.folder.empty()) return;
  sighting.folder = function.folder;
  sighting.is_asleep = function.is_asleep;
  Accelerator& device = sighting.device;
  device.kind = known.kind;
  device.vendor = vendor_name(function.pci.vendor_id);
  device.name = known.name;
  device.driver = function.driver;
  device.pci = function.pci;
  device.numa_node = function.numa_node;
  if (!function.driver) {
    device.why_not = known.driver.empty() ? std::string("No kernel driver is loaded for it.")
                                          : "Its kernel driver (" + known.driver + ") is not loaded.";
  } else if (*function.driver == "vfio-pci" && known.kind != AcceleratorKind::tpu) {
    device.why_not = "It is set aside for a virtual machine (driver vfio-pci).";
  }
  device.usable = !device.why_not;
  if (known.is_unverified) {
    seen.note(Severity::info, "unverified-device-id",
              fmt::format("{} is named {} by an unverified table of PCI numbers.", function.pci.address, known.name));
  }
}

void look_at(const FileTree& files, const PciFunction& function, Sightings& seen) {
  const PciAddress& pci = function.pci;
  if (const auto known = known_accelerator(pci)) return add_known(function, *known, seen);
  if (display_without_compute(pci)) return;
  if (const auto what = not_for_models(pci)) {
    seen.note(Severity::info, "accelerator-not-for-models",
              fmt::format("{} at {} is not something that language models run on; it is left out.", *what, pci.address));
    return;
  }
  const std::uint32_t base = function.class_code >> 16;
  if (base == k_display) {
    // The second head of an old card is not a second card.
    if (function.class_code >> 8 == 0x0380 && pci.address.back() != '0') return;
    return add_gpu(files, function, seen);
  }
  if (base == k_processing_accelerator && makes_gpus(pci.vendor_id)) {
    // Intel's and AMD's other parts of this class are NPUs and FPGA cards that the table would know.
    if (pci.vendor_id != 0x8086) return add_gpu(files, function, seen);
  }
  if (base == k_processing_accelerator) {
    seen.note(Severity::info, "accelerator-unknown",
              fmt::format("A processing accelerator at {} ({:04x}:{:04x}) is not in any table here.", pci.address,
                          pci.vendor_id, pci.device_id),
              "Report its name so that it can be added to data/detection/pci_accelerators.json.");
  }
}

}  // namespace

void observe_pci_accelerators(const Host& host, const DetectOptions&, Sightings& seen) {
  const FileTree& files = host.files;
  for (const std::string& address : files.list("/sys/bus/pci/devices")) {
    const std::string folder = "/sys/bus/pci/devices/" + address;
    // One short read decides for almost all of them.
    const auto text = files.read_line(folder + "/class");
    if (text) {
      const auto code = number_of(*text);
      if (code && *code <= 0xffffff && !may_be_accelerator(static_cast<std::uint32_t>(*code))) continue;
      // Servers have dozens of chipset functions of these classes.
      if (code && is_peripheral(static_cast<std::uint32_t>(*code))) {
        const auto vendor = number_of(files.read_line(folder + "/vendor").value_or(""));
        if (vendor && *vendor <= 0xffff && is_chipset_vendor(static_cast<std::uint16_t>(*vendor))) continue;
      }
    }
    const auto function = read_pci_function(files, folder, address);
    if (!function || !may_be_accelerator(function->class_code)) continue;
    if (is_peripheral(function->class_code) && is_chipset_vendor(function->pci.vendor_id)) continue;
    look_at(files, *function, seen);
  }
  // Where the PCI folders are hidden (sandboxes, snapshots) the display and accel classes still lead to the devices.
  for (const char* folder_of_class : {"/sys/class/drm/", "/sys/class/accel/"}) {
    for (const std::string& name : files.list(folder_of_class)) {
      if (name.find('-') != std::string::npos || name.starts_with("renderD") || name == "version") continue;
      const auto function = read_pci_function(files, folder_of_class + name + "/device", {});
      if (function && seen.find_accelerator(function->pci.address) == nullptr) look_at(files, *function, seen);
    }
  }
}

}  // namespace hardscape
