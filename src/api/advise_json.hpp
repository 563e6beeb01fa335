// Rows of hardscape.fit/1, for the documents that hold them.
#pragma once

#include "base/json_reading.hpp"
#include "hardscape/advise.hpp"

namespace hardscape {

OrderedJson json_of(const FitRow& row);

}  // namespace hardscape
