#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/parse/key_values.hpp"
#include "detect/routes/accelerators/device_access.hpp"
#include "detect/routes/accelerators/known_devices.hpp"
#include "detect/routes/accelerators/routes_of_accelerators.hpp"

namespace hardscape {
namespace {

// A processor's NPU works in the system's memory; cards bring their own, whose size nobody but their tools says.
void set_npu_memory(Accelerator& device) {
  const std::uint16_t vendor = device.pci ? device.pci->vendor_id : 0;
  if (vendor == 0x8086 || vendor == 0x1022) {
    device.integrated = true;
    device.memory.kind = MemoryKind::shared;
  }
}

// Is there a device node a program could open, and may we?
void judge_nodes(const Host& host, const KnownAccelerator& known, Accelerator& device, const Sightings& seen) {
  if (!device.usable || !host.is_live || known.device_node.empty()) return;
  std::vector<NodeState> nodes;
  for (const std::string_view pattern : split(known.device_node, '|')) {
    for (const std::string& path : matching_nodes(host.files, pattern)) nodes.push_back(node_state(host.files, path));
  }
  const bool any_open = std::any_of(nodes.begin(), nodes.end(), [](const NodeState& node) { return node.is_open_to_us; });
  if (any_open) return;
  if (nodes.empty()) {
    device.why_not = fmt::format("{} does not exist{}.", known.device_node,
                                 seen.os.container ? " in this container; pass the device to it" : "; its driver or firmware did not come up");
  } else {
    device.why_not = access_refusal(nodes, seen.os.container.has_value());
  }
  device.usable = false;
}

void complete_pci_npus(const Host& host, Sightings& seen) {
  for (AcceleratorSighting& sighting : seen.accelerators) {
    Accelerator& device = sighting.device;
    if (device.kind == AcceleratorKind::gpu || !device.pci) continue;
    const auto known = known_accelerator(*device.pci);
    if (!known) continue;
    set_npu_memory(device);
    // Newer XDNA drivers ask the firmware: "NPU Strix Halo".
    if (const auto name = host.files.read_line(sighting.folder + "/vbnv"); name && !starts_with_ignoring_case(*name, "RyzenAI"))
      device.name = "AMD " + printable(*name);
    judge_nodes(host, *known, device, seen);
  }
}

struct UsbDevice {
  std::string_view vendor;
  std::string_view product;
  AcceleratorKind kind;
  std::string_view maker;
  std::string_view name;
};

// Coral changes its number once its firmware is loaded; Kneron's is from memory only and therefore not here.
constexpr UsbDevice k_usb_devices[] = {
    {"1a6e", "089a", AcceleratorKind::tpu, "Google", "Google Coral Edge TPU (USB, firmware not loaded yet)"},
    {"18d1", "9302", AcceleratorKind::tpu, "Google", "Google Coral Edge TPU (USB)"},
};

void look_for_usb(const Host& host, Sightings& seen) {
  for (const std::string& name : host.files.list("/sys/bus/usb/devices")) {
    if (name.find(':') != std::string::npos || name.starts_with("usb")) continue;  // interfaces and root hubs
    const std::string folder = "/sys/bus/usb/devices/" + name;
    const auto vendor = host.files.read_line(folder + "/idVendor");
    if (!vendor) continue;
    for (const UsbDevice& row : k_usb_devices) {
      if (*vendor != row.vendor || host.files.read_line(folder + "/idProduct") != row.product) continue;
      AcceleratorSighting& sighting = seen.accelerator("usb:" + name);
      sighting.folder = folder;
      sighting.device.kind = row.kind;
      sighting.device.vendor = row.maker;
      sighting.device.name = row.name;
      sighting.device.usable = true;
    }
  }
}

bool is_compatible(const Sightings& seen, std::string_view start) {
  return std::any_of(seen.device_tree_compatible.begin(), seen.device_tree_compatible.end(),
                     [&](const std::string& name) { return name.starts_with(start); });
}

void add_platform_npu(Sightings& seen, const std::string& key, std::string_view vendor, std::string name, std::string driver,
                      bool has_driver) {
  AcceleratorSighting& sighting = seen.accelerator(key);
  Accelerator& device = sighting.device;
  device.kind = AcceleratorKind::npu;
  device.vendor = vendor;
  device.name = std::move(name);
  device.integrated = true;
  device.memory.kind = MemoryKind::shared;
  device.usable = has_driver;
  if (has_driver) device.driver = std::move(driver);
  else device.why_not = "Its kernel driver (" + driver + ") is not loaded.";
}

void look_for_rockchip(const Host& host, Sightings& seen) {
  if (!is_compatible(seen, "rockchip,rk3")) return;
  const auto nodes = host.files.list("/proc/device-tree");
  const bool in_tree = std::any_of(nodes.begin(), nodes.end(), [](const std::string& name) { return name.starts_with("npu@"); });
  const auto governors = host.files.list("/sys/class/devfreq");
  const bool vendor_driver = std::any_of(governors.begin(), governors.end(), [](const std::string& name) { return name.ends_with(".npu"); });
  bool rocket = false;
  for (const std::string& name : host.files.list("/sys/class/accel"))
    rocket = rocket || host.files.link_name("/sys/class/accel/" + name + "/device/driver") == "rocket";
  if (!in_tree && !vendor_driver && !rocket) return;
  std::string chip = "Rockchip";
  for (const std::string& name : seen.device_tree_compatible) {
    if (name.starts_with("rockchip,rk3")) chip = "Rockchip RK" + name.substr(11);
  }
  add_platform_npu(seen, "platform:rknpu", "Rockchip", chip + " NPU", rocket ? "rocket" : "rknpu", vendor_driver || rocket);
}

void look_for_hexagon(const Host& host, Sightings& seen) {
  if (!is_compatible(seen, "qcom,")) return;
  bool listed = host.files.exists("/dev/fastrpc-cdsp");
  const bool has_node = listed || host.files.exists("/dev/adsprpc-smd");
  for (const std::string& name : host.files.list("/sys/class/remoteproc"))
    listed = listed || host.files.read_line("/sys/class/remoteproc/" + name + "/name").value_or("").starts_with("cdsp");
  if (!listed && !has_node) return;
  add_platform_npu(seen, "platform:hexagon", "Qualcomm", "Qualcomm Hexagon NPU", "fastrpc", has_node);
}

}  // namespace

void observe_npus(const Host& host, const DetectOptions&, Sightings& seen) {
  complete_pci_npus(host, seen);
  look_for_usb(host, seen);
  look_for_rockchip(host, seen);
  look_for_hexagon(host, seen);
}

}  // namespace hardscape
