// Specifications of a catalogue device into the value of an accelerator.
#pragma once

#include <vector>

#include "hardscape/catalogue.hpp"

namespace hardscape {

// Rates, bandwidth, memory and power on which all the devices agree; better evidence stays.
void fill(Accelerator& accelerator, const std::vector<const Device*>& devices);

}  // namespace hardscape
