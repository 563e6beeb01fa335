// The guide's tables, one function a question, made from data/cost/guide_basis.json.
#pragma once

#include <nlohmann/json.hpp>

#include "base/json_reading.hpp"
#include "hardscape/cost_guide.hpp"

namespace hardscape::cost {

// A text of one of the guide's rows, as a cell.
inline GuideTable::Cell text_of(const Json& row, const char* key) { return row.at(key).get<std::string>(); }

std::vector<GuideTable> guide_break_even(const Json& basis);
std::vector<GuideTable> guide_power(const Json& basis);
std::vector<GuideTable> guide_tco(const Json& basis);
std::vector<GuideTable> guide_per_tflop(const Json& basis);
std::vector<GuideTable> guide_worth_it(const Json& basis);
std::vector<GuideTable> guide_tokens(const Json& basis);

}  // namespace hardscape::cost
