// Which device of the machine's record a driver's device is, and what it is built for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "measure/probe.hpp"

namespace hardscape::measuring {

// By PCI address; without one by the name, when only one device has it. Null when none or several fit.
const Accelerator* matching(const Machine& machine, const std::optional<std::string>& pci, const std::string& name);

// What the record and the kernel say about a device; absent where unknown. Rates are dense.
struct DevicePeaks {
  std::optional<Peak> bandwidth, fp32, fp16, int8, link;
};
DevicePeaks peaks_of(const Accelerator* accelerator, const FileTree& files, const std::optional<std::string>& pci);

// That a device's link runs on fewer lanes than it has; nothing when it does not.
std::optional<Note> narrow_link(const FileTree& files, const std::optional<std::string>& pci, const std::string& id);

}  // namespace hardscape::measuring
