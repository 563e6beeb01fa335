// What the engine does not say about a benchmarked model: which of the catalogue's it is, and what a token reads.
#pragma once

#include <string>

#include "hardscape/bench.hpp"
#include "hardscape/catalogue.hpp"
#include "hardscape/evidence.hpp"

namespace hardscape::cli {

// Reads the file's header and fills report.model and report.memory_roof: with the memory speed that the history has, else
// one that is measured now, in half a second. What we do not know (the architecture, a card's memory) stays empty.
void describe_model(BenchReport& report, const Catalogue& catalogue, const Machine& machine, const Host& host, const Evidence& evidence,
                    const StopRequested& stop);

}  // namespace hardscape::cli
