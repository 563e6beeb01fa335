// How fast devices of one kind reach each other, from the catalogue's interconnects.
#pragma once

#include "hardscape/catalogue.hpp"
#include "hardscape/network.hpp"
#include "hardscape/predict.hpp"

namespace hardscape {

// Of `count` of them in one machine: NVLink and alike where the device has it (cards in slots are bridged in pairs only),
// else its PCI Express. What the catalogue does not know is 0.
Link device_link(const Device& device, int count, const Catalogue& catalogue);
// Of slots that have so many lanes for each card, and no bridge.
Link slot_link(const Device& device, int lanes, const Catalogue& catalogue);

// What is not known of the link stays as it is.
void take_link(ComputeDevice& computes, const Link& link);

}  // namespace hardscape
