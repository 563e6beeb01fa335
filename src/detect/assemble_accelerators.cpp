#include "detect/assemble.hpp"

namespace hardscape {

std::vector<Accelerator> assemble_accelerators(const Sightings& seen, std::vector<Note>&) {
  std::vector<Accelerator> devices;
  int counts[3] = {0, 0, 0};
  for (const AcceleratorSighting& sighting : seen.accelerators) {
    Accelerator device = sighting.device;
    device.id = std::string(to_string(device.kind)) + std::to_string(counts[static_cast<int>(device.kind)]++);
    devices.push_back(std::move(device));
  }
  return devices;
}

}  // namespace hardscape
