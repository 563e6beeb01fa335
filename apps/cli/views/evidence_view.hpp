// What speeds rest on, as a person reads it.
#pragma once

#include <vector>

#include "hardscape/document.hpp"
#include "hardscape/evidence.hpp"

namespace hardscape::cli {

// One faint line; with `explain` a row for each measurement. Nothing where nothing was measured.
void add_evidence(Document& document, const std::vector<EvidenceUse>& used, const std::vector<Note>& notes, bool explain);

}  // namespace hardscape::cli
