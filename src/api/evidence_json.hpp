// How evidence looks in JSON documents: [{entry, when, use, what}].
#pragma once

#include <vector>

#include "facts/json_writing.hpp"
#include "hardscape/evidence.hpp"

namespace hardscape {

OrderedJson json_of(const std::vector<EvidenceUse>& used);

}  // namespace hardscape
