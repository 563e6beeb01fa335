// AMD's compute topology (/sys/class/kfd/kfd/topology/nodes): texts to values, and nodes to devices. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/units.hpp"

namespace hardscape {

struct KfdBank {
  int heap_type = -1;        // 0 system, 1 visible to the processor, 2 private
  std::uint64_t bytes = 0;
  int width_bits = 0;
  int clock_mhz = 0;         // of a processor's node: MT/s
};

struct KfdNode {
  int number = 0;
  std::string name;
  int simds = 0;             // 0: a processor
  int simds_per_unit = 0;
  int gfx_target_version = 0;
  std::uint16_t vendor_id = 0;
  std::uint16_t device_id = 0;
  std::uint32_t location = 0;
  std::uint32_t domain = 0;
  std::uint64_t unique_id = 0;
  int render_minor = 0;
  std::vector<KfdBank> banks;

  bool is_gpu() const { return simds > 0; }
};

// Lines "key value"; unknown keys are ignored, numbers out of range are left out.
KfdNode parse_kfd_node(std::string_view properties);
KfdBank parse_kfd_bank(std::string_view properties);

// 90402 is "gfx942", 90010 "gfx90a", 110501 "gfx1151"; empty when it is no version.
std::string gfx_target(int version);

// The modes SPX, DPX, TPX, QPX and CPX make 1, 2, 3, 4, 6 or 8 partitions: the fewest that are no fewer than listed.
int partitions_of_mode(int listed);

// A physical device with the nodes that are its partitions (one node when it is not partitioned).
struct KfdDevice {
  std::string address;       // of function 0
  std::vector<KfdNode> nodes;
  int compute_units_of_a_node() const;
  // Absent when fewer partitions are listed than any mode makes.
  std::optional<int> compute_units() const;
  std::optional<Bytes> memory() const;     // of all nodes; absent when the banks are not listed
};

// Nodes of one card share its unique id, or its address where there is none. Processors are left out.
std::vector<KfdDevice> kfd_devices(const std::vector<KfdNode>& nodes);

}  // namespace hardscape
