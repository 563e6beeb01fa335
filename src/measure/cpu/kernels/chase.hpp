// Loads that each wait for the one before.
#pragma once

#include <cstdint>

namespace hardscape::measuring {

// Each line begins with the address of the next. Returns where `steps` of them lead.
const void* const* chase(const void* const* from, std::int64_t steps);

}  // namespace hardscape::measuring
