// The PCI Express link of a device, from what Linux says about it.
#pragma once

#include <optional>
#include <string>

#include "hardscape/host.hpp"
#include "hardscape/units.hpp"

namespace hardscape::measuring {

struct PcieLink {
  double transfers_per_s = 0;      // of one lane, the fastest that both ends can: idle devices run slower for a while
  int lanes = 0;                   // now
  std::optional<int> most_lanes;   // of the device
};

// Nothing where the kernel does not say ("Unknown", width 0) or the device hangs on no PCI Express.
std::optional<PcieLink> pcie_link(const FileTree& files, const std::string& address);

// One direction, after line coding (8b/10b to 5 GT/s, 128b/130b to 32, 242/256 of a flit above), before packet headers.
BytesPerSecond bandwidth_of(const PcieLink& link);
// "PCIe 5.0 x16: 32 GT/s a lane".
std::string describe(const PcieLink& link);

}  // namespace hardscape::measuring
