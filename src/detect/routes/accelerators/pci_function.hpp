// One function of a PCI device as sysfs describes it, in whichever of its files are there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hardscape/host.hpp"
#include "hardscape/machine.hpp"

namespace hardscape {

struct PciFunction {
  PciAddress pci;
  std::uint32_t class_code = 0;           // 24 bits: base class, subclass, interface
  std::optional<std::string> driver;
  std::optional<int> numa_node;
  bool is_asleep = false;                 // runtime-suspended or D3cold: asking the driver would wake it
  std::string folder;                     // where its attributes are
};

// "0000:01:00.0" or "10000:e0:06.3": domains have any number of digits from four on.
bool is_pci_address(std::string_view text);

// From the attribute files below `folder`, else from its uevent or modalias. `address` may be empty, uevent then has
// to name it. Nothing when vendor, device or address stay unknown.
std::optional<PciFunction> read_pci_function(const FileTree& files, const std::string& folder, std::string_view address);

// Size of the largest prefetchable 64-bit memory window in a `resource` file: a lower bound of a card's memory.
std::optional<Bytes> largest_memory_window(std::string_view resource_text);

}  // namespace hardscape
