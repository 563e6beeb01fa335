#include "host/opencl_info.hpp"

#include <fmt/format.h>

namespace hardscape::opencl {
namespace {

std::string address(Uint domain, Uint bus, Uint slot, Uint function) {
  return fmt::format("{:04x}:{:02x}:{:02x}.{:x}", domain, bus & 0xff, slot & 0x1f, function & 0x7);
}

}  // namespace

std::optional<std::string> pci_address_of(GetDeviceInfo* get, Device device) {
  if (const auto info = value_of<PciBusInfo>(get, device, k_device_pci_bus_info))
    return address(info->domain, info->bus, info->device, info->function);
  const auto bus = value_of<Uint>(get, device, k_device_pci_bus_nv);
  const auto slot = value_of<Uint>(get, device, k_device_pci_slot_nv);
  // NVIDIA's slot number holds the function in its low three bits.
  if (bus && slot) return address(value_of<Uint>(get, device, k_device_pci_domain_nv).value_or(0), *bus, *slot >> 3, *slot);
  const auto topology = value_of<TopologyAmd>(get, device, k_device_topology_amd);
  if (topology && topology->type == 1) return address(0, topology->bus, topology->device, topology->function);
  return std::nullopt;
}

}  // namespace hardscape::opencl
