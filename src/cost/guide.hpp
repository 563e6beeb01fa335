// The guide's tables, one function a question, made from data/cost/guide_basis.json.
#pragma once

#include "base/json_reading.hpp"
#include "hardscape/cost_guide.hpp"

namespace hardscape::cost {

std::vector<GuideTable> guide_break_even(const Json& basis);
std::vector<GuideTable> guide_power(const Json& basis);
std::vector<GuideTable> guide_tco(const Json& basis);
std::vector<GuideTable> guide_per_tflop(const Json& basis);
std::vector<GuideTable> guide_worth_it(const Json& basis);
std::vector<GuideTable> guide_tokens(const Json& basis);

}  // namespace hardscape::cost
