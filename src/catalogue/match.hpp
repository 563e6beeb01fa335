// Which catalogue device an accelerator or a processor of a machine is.
#pragma once

#include <string_view>
#include <vector>

#include "hardscape/catalogue.hpp"

namespace hardscape {

// By the driver's name and the PCI id, then by memory size and number of units; several when these do not decide.
std::vector<const Device*> devices_of(const Accelerator& accelerator, const Machine& machine, const Catalogue& catalogue);

// By the name that the kernel prints: "AMD EPYC 9654 96-Core Processor" is epyc-9004. Nothing when none or several fit.
const Device* device_of(const Processor& processor, const Catalogue& catalogue);

// `*` any text, `?` one character; without regard to case.
bool fits_pattern(std::string_view text, std::string_view pattern);

// Whether it is sold with this much: one of its options, or of a chip that is soldered beside memory of its maker's
// choice, no more than it takes.
bool takes_memory(const Device& device, Bytes memory);

// What one of the devices that software sees has of the whole: 1, or 1/2 for the two dies of an MI250X.
double share_of(const Device& device, const Accelerator& accelerator);

}  // namespace hardscape
