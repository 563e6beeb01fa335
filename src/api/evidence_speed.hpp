// Speeds with evidence: the speed model's answer, or what was measured in its place.
#pragma once

#include <vector>

#include "hardscape/evidence.hpp"

namespace hardscape {

// What is asked, by reference: lives as long as the call.
struct SpeedAsked {
  const ComputeDevice& device;
  const Backend& backend;
  std::string_view model;        // catalogue id; may be empty
  const ModelWork& work;
  const Split& split;
};

// As predict_decode() and predict_prefill(), but a measurement of the same model on the same device wins: as it is where
// the work is the same too, else carried to the work asked for by the speed model's ratio. Adds what was used to `used`.
Result<Speed> decode_speed(const SpeedAsked& asked, const Workload& work, const Evidence& evidence, std::vector<EvidenceUse>& used);
Result<Speed> prefill_speed(const SpeedAsked& asked, const Workload& work, const Evidence& evidence, std::vector<EvidenceUse>& used);

// The machine's own facts and calibrations that any speed of this device rests on.
std::vector<EvidenceUse> general_use(const Evidence& evidence, const ComputeDevice& device, const Backend& backend);

}  // namespace hardscape
