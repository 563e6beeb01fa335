// Names of devices from the lists that distributions install; pure functions over their texts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hardscape/host.hpp"
#include "hardscape/machine.hpp"

namespace hardscape {

// pci.ids: the device's name ("AD102 [GeForce RTX 4090]" gives "GeForce RTX 4090"), empty when it is not listed.
std::string name_in_pci_ids(std::string_view text, std::uint16_t vendor_id, std::uint16_t device_id);

// amdgpu.ids: the products of a device id, of one revision when it is known; several share one id.
std::vector<std::string> names_in_amdgpu_ids(std::string_view text, const PciAddress& pci);

// The best name the host's lists have, candidates joined by " / ", else "NVIDIA device 10de:2684".
std::string name_of(const FileTree& files, const PciAddress& pci);

}  // namespace hardscape
