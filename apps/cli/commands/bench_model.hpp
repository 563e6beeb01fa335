// What the engine does not say about a benchmarked model: which of the catalogue's it is, and what a token reads.
#pragma once

#include <string>

#include "hardscape/bench.hpp"
#include "hardscape/catalogue.hpp"
#include "hardscape/evidence.hpp"

namespace hardscape::cli {

// Reads the file's header and fills report.model and, where this machine's memory speed was measured,
// report.memory_roof. A file of an architecture that we do not know leaves them empty.
void describe_model(BenchReport& report, const Catalogue& catalogue, const Evidence& evidence);

}  // namespace hardscape::cli
