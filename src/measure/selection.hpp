// Which devices and kernels the user asked for; pure.
#pragma once

#include <string>
#include <vector>

#include "measure/probe.hpp"

namespace hardscape::measuring {

// "cuda" lets "cuda0" and the kind "cuda" through, "cuda1" the kind "cuda" but not "cuda0".
bool admits_device(const std::vector<std::string>& wishes, std::string_view id);
bool admits_kind(const std::vector<std::string>& wishes, std::string_view kind);
// By kernel, its beginning, group or precision.
bool admits_kernel(const std::vector<std::string>& wishes, const Probe& probe);

// invalid_argument with the nearest names when a wish fits nothing that could be measured anywhere.
Status check_devices(const std::vector<std::string>& wishes);
// The same for kernels, against what the chosen devices have.
Status check_kernels(const std::vector<std::string>& wishes, const std::vector<Probe>& probes);

// Best rate of each device and precision, "fp32" first, then by rate.
std::vector<PrecisionRate> precisions_of(const std::vector<MeasurementResult>& results);

}  // namespace hardscape::measuring
