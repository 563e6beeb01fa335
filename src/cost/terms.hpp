// The fields of Terms by key, for every question that owns a device.
#pragma once

#include <span>

#include "cost/binding.hpp"
#include "hardscape/cost_break_even.hpp"

namespace hardscape::cost {

std::span<const Field<Terms>> terms_fields();

}  // namespace hardscape::cost
