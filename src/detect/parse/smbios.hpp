// Memory devices (structure type 17) of the firmware's SMBIOS tables, DMTF DSP0134.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/units.hpp"

namespace hardscape {

// A slot with a module in it, or chips soldered to the board.
struct MemoryDevice {
  std::optional<Bytes> size;
  std::optional<int> data_width_bits;
  std::string type;                          // "DDR5"; empty when unknown
  std::optional<TransfersPerSecond> rate;    // what it runs at; else what it is made for
  std::string locator;                       // "DIMM_A1"
  std::string bank;                          // "P0 CHANNEL A"
};

// A whole table (/sys/firmware/dmi/tables/DMI) or one structure (/sys/firmware/dmi/entries/17-0/raw). Empty slots are
// left out; a broken table ends the reading. At most 1024 devices.
std::vector<MemoryDevice> parse_smbios(std::string_view table);

// "MEMORY_DEVICE_0_SPEED_MTS=4800" and its relatives of the udev database of dmi:id, which nobody must be root to read.
std::vector<MemoryDevice> parse_udev_memory(std::string_view text);

// What the devices together say. Members are absent where the devices disagree or do not tell.
struct MemoryLayout {
  std::string type;
  std::optional<TransfersPerSecond> rate;
  std::optional<int> channels;
  std::optional<int> bus_bits;               // all channels together
};
MemoryLayout layout_of(const std::vector<MemoryDevice>& devices);

// The memory devices only, without serial numbers and asset tags. For a table the structures keep their order.
std::string scrub_smbios(std::string_view table, bool whole_table);

}  // namespace hardscape
