// The buffer of GetLogicalProcessorInformationEx(RelationAll) of 64-bit Windows, as bytes.
#pragma once

#include <string_view>

#include "detect/sightings.hpp"

namespace hardscape {

// Processor n of group g gets the number 64 g + n, so that processors of different groups stay apart. Records that are
// cut off, of length 0 or of an unknown kind end the reading or are skipped; never reads outside the bytes.
TopologySighting parse_windows_topology(std::string_view buffer);

}  // namespace hardscape
