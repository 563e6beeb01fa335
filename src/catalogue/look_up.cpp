#include "catalogue/lists.hpp"

namespace hardscape {

Lookup Catalogue::look_up(std::string_view name) const {
  Lookup answer;
  if (const auto* device = find_device(name)) {
    answer.matches.push_back(device);
    return answer;
  }
  const auto& index = data_->device_index();
  const auto found = index.by_key.find(device_key(name));
  if (found != index.by_key.end()) answer.matches = found->second;
  return answer;
}

std::vector<const Device*> Catalogue::by_pci(const PciAddress& pci) const {
  const auto& index = data_->device_index().by_pci;
  const auto found = index.find(static_cast<std::uint32_t>(pci.vendor_id) << 16 | pci.device_id);
  if (found == index.end()) return {};
  return found->second;
}

}  // namespace hardscape
