// One entry of the history as evidence. Documents may come from anywhere (`history import`): every field is checked.
#pragma once

#include <optional>
#include <vector>

#include "hardscape/evidence.hpp"

namespace hardscape {

// Of a hardscape.measure/1 document, or the memory speed beside a benchmark. Empty when there is none.
std::vector<MeasuredBandwidth> bandwidths_in(const HistoryEntry& entry);

// Of a hardscape.bench/1 document. Nothing when the run says little about the machine: fewer threads than it has, a part
// of the layers on the accelerator, a model of no known size.
std::optional<MeasuredSpeed> speed_in(const HistoryEntry& entry, const Machine& machine, const Catalogue& catalogue);

}  // namespace hardscape
