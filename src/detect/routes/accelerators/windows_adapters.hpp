// Display adapters as Windows lists them (DXGI, the registry's class key, Win32_VideoController): rules over their
// values, apart from the calls that get them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sightings.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

struct WindowsAdapter {
  std::string name;
  std::uint64_t luid = 0;              // one physical or software adapter; 0 when the list has none
  std::uint16_t vendor_id = 0;
  std::uint16_t device_id = 0;
  std::optional<Bytes> dedicated;      // absent when unknown
  std::optional<Bytes> shared;         // of the system's memory, most that the driver lets it use
  std::optional<Bytes> free;           // what the system would give this program now
  bool is_software = false;
  bool is_unified = false;             // works in the processor's memory; `dedicated` is what firmware set aside
};

// Lists of "name|bytes", as the registry's HardwareInformation.qwMemorySize or AdapterRAM are recorded. Lines without
// a name, a number or a size are left out; a size that 32 bits cannot hold is unknown (see is_saturated).
std::vector<WindowsAdapter> parse_adapter_sizes(std::string_view text);

// What a 32-bit field holds when the card has 4 GiB or more: all ones, or that less the last MiB.
bool is_saturated(std::uint64_t bytes);

// One entry for each adapter: software ones and repetitions (same LUID) go; sizes come from `registry` by name where
// DXGI gave none. Adapters of one name in both lists are matched in their order.
std::vector<WindowsAdapter> merge_adapters(std::vector<WindowsAdapter> adapters, const std::vector<WindowsAdapter>& registry);

// Adapters of a vendor that another route (NVML) saw already are left to it.
void add_windows_adapters(const std::vector<WindowsAdapter>& adapters, Sightings& seen);

}  // namespace hardscape
