// What can be measured on the processor and its memory.
#pragma once

#include "measure/probe.hpp"

namespace hardscape::measuring {

DeviceProbes cpu_probes(const ProbeContext& context);

}  // namespace hardscape::measuring
