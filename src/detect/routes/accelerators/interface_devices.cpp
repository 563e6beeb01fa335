#include "detect/routes/accelerators/interface_devices.hpp"

#include <algorithm>
#include <limits>

#include "base/text.hpp"
#include "detect/routes/accelerators/known_devices.hpp"
#include "detect/routes/accelerators/pci_function.hpp"

namespace hardscape {
namespace {

constexpr std::size_t k_most_listed_devices = 256;

// "AMD Radeon RX 7900 XTX (RADV NAVI31)" without the driver's addition; what stands in for Direct3D names its adapter.
std::string product_of(std::string_view name) {
  const auto open = name.rfind(" (");
  if (open == std::string_view::npos || !name.ends_with(')')) return std::string(name);
  if (starts_with_ignoring_case(name, "Microsoft Direct3D12")) return std::string(name.substr(open + 2, name.size() - open - 3));
  return std::string(trim(name.substr(0, open)));
}

bool is_software_name(std::string_view name) {
  for (const std::string_view part : {"llvmpipe", "lavapipe", "SwiftShader", "Basic Render Driver", "softpipe", "swrast"})
    if (contains_ignoring_case(name, part)) return true;
  return false;
}

bool same_device(const InterfaceDevice& a, const InterfaceDevice& b) {
  if (!a.address.empty() && !b.address.empty()) return a.address == b.address;
  if (!a.uuid.empty() && a.uuid == b.uuid) return true;
  // Without either, two drivers of one interface show one device, and so do two interfaces.
  const bool told_apart = (!a.address.empty() || !a.uuid.empty()) && (!b.address.empty() || !b.uuid.empty());
  return !told_apart && a.vendor_id == b.vendor_id && (a.device_id == b.device_id || a.device_id == 0 || b.device_id == 0);
}

bool is_gpu_of(const AcceleratorSighting& sighting, std::uint16_t vendor_id) {
  const Accelerator& device = sighting.device;
  if (device.kind != AcceleratorKind::gpu) return false;
  if (device.pci) return device.pci->vendor_id == vendor_id;
  return !device.vendor.empty() && device.vendor == vendor_name(vendor_id);
}

// The records that this device is; several when cards of one model cannot be told apart, which is no matter as what is
// learned holds for each of them.
std::vector<AcceleratorSighting*> records_of(const InterfaceDevice& device, Sightings& seen) {
  if (AcceleratorSighting* record = device.address.empty() ? nullptr : seen.find_accelerator(device.address)) return {record};
  std::vector<AcceleratorSighting*> same_id;
  std::vector<AcceleratorSighting*> same_vendor;
  for (AcceleratorSighting& sighting : seen.accelerators) {
    if (!is_gpu_of(sighting, device.vendor_id)) continue;
    same_vendor.push_back(&sighting);
    if (sighting.device.pci && sighting.device.pci->device_id == device.device_id) same_id.push_back(&sighting);
  }
  if (!same_id.empty() || same_vendor.size() != 1) return same_id;
  return same_vendor;
}

bool has_vendor(const Sightings& seen, std::uint16_t vendor_id) {
  return std::any_of(seen.accelerators.begin(), seen.accelerators.end(),
                     [&](const AcceleratorSighting& sighting) { return is_gpu_of(sighting, vendor_id); });
}

AcceleratorSighting& make_record(const InterfaceDevice& from, std::size_t index, Sightings& seen) {
  AcceleratorSighting& sighting =
      seen.accelerator(from.address.empty() ? to_lower(from.interface) + ':' + std::to_string(index) : from.address);
  Accelerator& device = sighting.device;
  device.kind = AcceleratorKind::gpu;
  device.vendor = vendor_name(from.vendor_id);
  device.driver = from.interface;
  device.integrated = from.is_integrated;
  if (from.is_integrated) device.memory.kind = MemoryKind::shared;
  if (!from.address.empty()) {
    PciAddress pci;
    pci.address = from.address;
    pci.vendor_id = from.vendor_id;
    pci.device_id = from.device_id;
    device.pci = pci;
  }
  device.usable = true;
  return sighting;
}

void complete(const InterfaceDevice& from, AcceleratorSighting& sighting) {
  Accelerator& device = sighting.device;
  const bool is_nameless = device.name.empty() || device.name.find(" device ") != std::string::npos || device.name == "NVIDIA GPU";
  if (is_nameless && !from.name.empty()) {
    const std::string name = product_of(from.name);
    const bool says_vendor = starts_with_ignoring_case(name, device.vendor) || device.vendor.starts_with("vendor ");
    device.name = says_vendor ? name : device.vendor + ' ' + name;
  }
  const bool wants_memory = !device.memory.total && !device.integrated && !from.is_integrated && !sighting.uses_system_memory;
  if (!wants_memory || !from.memory) return;
  if (from.interface == "Vulkan")
    learn(device.memory.total, Fact<Bytes>{*from.memory, Source{Origin::reported, "Vulkan, largest heap of device memory", "", Confidence::unstated}});
  else
    sighting.memory_at_least = std::max(sighting.memory_at_least.value_or(Bytes{0}), *from.memory);
}

}  // namespace

std::vector<InterfaceDevice> parse_interface_report(std::string_view text) {
  std::vector<InterfaceDevice> devices;
  for (const std::string_view line : split_lines(text)) {
    const auto tab = line.find('\t');
    if (tab == std::string_view::npos) continue;
    const std::string_view key = line.substr(0, tab);
    const std::string_view value = line.substr(tab + 1);
    if (key == "device") {
      if (devices.size() >= k_most_listed_devices) break;
      devices.emplace_back().interface = printable(value.substr(0, 16));
      continue;
    }
    if (devices.empty()) continue;
    InterfaceDevice& device = devices.back();
    if (key == "name") {
      device.name = printable(value.substr(0, 128));
      if (is_software_name(device.name)) device.is_software = true;
    }
    if (key == "address" && is_pci_address(value)) device.address = to_lower(value);
    if (key == "uuid" && value.size() == 32) device.uuid = printable(value);
    if (key == "software") device.is_software = value == "1";
    if (key == "integrated") device.is_integrated = value == "1";
    const auto number = parse_integer(value);
    if (!number || *number <= 0) continue;
    if (key == "memory" && *number < (std::int64_t{1} << 50)) device.memory = Bytes{*number};
    if (*number > std::numeric_limits<std::uint16_t>::max()) continue;
    if (key == "vendor_id") device.vendor_id = static_cast<std::uint16_t>(*number);
    if (key == "device_id") device.device_id = static_cast<std::uint16_t>(*number);
  }
  return devices;
}

std::vector<InterfaceDevice> merged(const std::vector<InterfaceDevice>& devices) {
  std::vector<InterfaceDevice> out;
  for (const InterfaceDevice& device : devices) {
    // Vendors beyond 16 bits are Khronos' numbers for software.
    if (device.is_software || device.vendor_id == 0) continue;
    const auto known = std::find_if(out.begin(), out.end(), [&](const InterfaceDevice& other) { return same_device(other, device); });
    if (known == out.end()) {
      out.push_back(device);
      continue;
    }
    if (known->address.empty()) known->address = device.address;
    if (known->uuid.empty()) known->uuid = device.uuid;
    if (known->device_id == 0) known->device_id = device.device_id;
    if (known->interface == device.interface && device.memory) known->memory = std::max(known->memory.value_or(Bytes{0}), *device.memory);
  }
  return out;
}

void apply_interface_devices(const std::vector<InterfaceDevice>& devices, Sightings& seen) {
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const InterfaceDevice& device = devices[i];
    auto records = records_of(device, seen);
    if (records.empty() && !has_vendor(seen, device.vendor_id)) records.push_back(&make_record(device, i, seen));
    for (AcceleratorSighting* record : records) complete(device, *record);
  }
}

}  // namespace hardscape
