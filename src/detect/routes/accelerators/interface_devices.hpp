// Devices as Vulkan and OpenCL list them: the cross-check where neither the kernel nor the vendor's own library told
// enough. One GPU appears there once a driver, beside processors that pretend to be one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sightings.hpp"
#include "hardscape/host.hpp"

namespace hardscape {

struct InterfaceDevice {
  std::string interface;           // "Vulkan", "OpenCL"
  std::string address;             // "0000:01:00.0"; empty where the driver does not tell
  std::string uuid;                // empty where the driver does not tell
  std::string name;
  std::uint16_t vendor_id = 0;
  std::uint16_t device_id = 0;     // 0 where the interface has none
  bool is_software = false;
  bool is_integrated = false;
  std::optional<Bytes> memory;     // Vulkan: its largest heap of device memory; OpenCL: what one program may take
};

// Run these in a child: loaders hang, crash, and load every driver there is. Lines of "name<TAB>value".
std::string query_vulkan(const LibraryLoader& libraries, const std::vector<std::string>& names);
std::string query_opencl(const LibraryLoader& libraries, const std::vector<std::string>& names);
std::vector<std::string> vulkan_library_names();
std::vector<std::string> opencl_library_names();

std::vector<InterfaceDevice> parse_interface_report(std::string_view text);

// Each physical device once, software left out: the same PCI address or the same UUID is the same device, whichever
// interface and driver shows it. Vulkan's word stays, OpenCL's largest memory.
std::vector<InterfaceDevice> merged(const std::vector<InterfaceDevice>& devices);

// Adds what a record lacks; makes a record only where there is none of this vendor.
void apply_interface_devices(const std::vector<InterfaceDevice>& devices, Sightings& seen);

}  // namespace hardscape
