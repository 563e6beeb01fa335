// Time of collective operations between devices: latency plus bytes over bandwidth.
#pragma once

#include "hardscape/units.hpp"

namespace hardscape {

// A link between neighbours, one direction.
struct Link {
  BytesPerSecond bandwidth{};
  Seconds latency{};

  friend bool operator==(const Link&, const Link&) = default;
};

// Ring all-reduce of `message` bytes over `devices`: 2(n-1) messages, each device sends 2(n-1)/n of the data.
// Nothing to do for one device.
Seconds all_reduce_time(double message, int devices, const Link& link);

}  // namespace hardscape
