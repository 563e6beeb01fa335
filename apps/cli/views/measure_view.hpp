#pragma once

#include "hardscape/document.hpp"
#include "hardscape/measurement.hpp"

namespace hardscape::cli {

Document document_of(const MeasurementReport& report, const Machine& machine, bool explain);

// FP32 against the lower precisions of this device, in one sentence; empty where FP32 was not measured.
std::string precision_sentence(const MeasurementReport& report, const std::string& device);

}  // namespace hardscape::cli
