// How fast devices of one kind reach each other, from the catalogue's interconnects.
#pragma once

#include "hardscape/catalogue.hpp"
#include "hardscape/predict.hpp"

namespace hardscape {

// Sets the link of `computes` for `count` of them in one machine: NVLink and alike where the device has it (cards in
// slots are bridged in pairs only), else its PCI Express; what the catalogue does not know stays as it is.
void set_link(ComputeDevice& computes, const Device& device, int count, const Catalogue& catalogue);

// Of slots that have so many lanes for each card, and no bridge.
void set_slot_link(ComputeDevice& computes, const Device& device, int lanes, const Catalogue& catalogue);

}  // namespace hardscape
