#include "measure/cpu/cpu_probes.hpp"

namespace hardscape::measuring {

DeviceProbes cpu_probes(const ProbeContext& context) {
  DeviceProbes out;
  MeasuredDevice device;
  device.id = "cpu";
  if (!context.machine.processors.empty()) device.name = context.machine.processors.front().name;
  out.devices.push_back(std::move(device));
  return out;
}

}  // namespace hardscape::measuring
