// Recommendations as documents.
#pragma once

#include "hardscape/document.hpp"
#include "hardscape/select.hpp"
#include "hardscape/select_guide.hpp"
#include "hardscape/select_scenarios.hpp"

namespace hardscape::cli {

Document view_of(const Recommendation& recommendation, bool explain);
Document view_of(const GuideQuestion& question, const GuideAnswer& answer);
Document view_of(const Scenario& scenario, const Recommendation& recommendation, bool explain);
Document list_of_scenarios();

}  // namespace hardscape::cli
