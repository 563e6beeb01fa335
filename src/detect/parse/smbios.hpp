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
  bool is_empty = false;                     // a slot without a module; its locator still tells how slots are named
  std::optional<Bytes> size;
  std::optional<int> data_width_bits;
  std::string type;                          // "DDR5"; empty when unknown
  std::optional<TransfersPerSecond> rate;    // what it runs at; else what it is made for
  std::string locator;                       // "DIMM_A1"
  std::string bank;                          // "P0 CHANNEL A"
};

// A whole table (/sys/firmware/dmi/tables/DMI) or one structure (/sys/firmware/dmi/entries/17-0/raw). A broken
// table ends the reading. At most 1024 devices.
std::vector<MemoryDevice> parse_smbios(std::string_view table);

// "MEMORY_DEVICE_0_SPEED_MTS=4800" and its relatives of the udev database of dmi:id, which nobody must be root to read.
std::vector<MemoryDevice> parse_udev_memory(std::string_view text);

// What the devices together say. Members are absent where the devices disagree or do not tell. Channels come from the
// slots' names: the word "channel", or "DIMM_A1" where no letter has more than two slots (where letters have more,
// they name processors: Dell's DIMM_A1 to A12).
struct MemoryLayout {
  std::string type;
  std::optional<TransfersPerSecond> rate;
  std::optional<int> channels;
  std::optional<int> bus_bits;               // all channels together
  bool names_processors = false;             // names of slots tell the sockets apart ("CPU1_DIMM_A1")
};
MemoryLayout layout_of(const std::vector<MemoryDevice>& devices);

// The memory devices only, without serial numbers and asset tags. For a table the structures keep their order.
std::string scrub_smbios(std::string_view table, bool whole_table);

}  // namespace hardscape
