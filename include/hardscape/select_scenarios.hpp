// Named questions: the guide's personas, its budget matrix and its quick reference (data/select/scenarios.json).
//
// The answer to each is computed from today's catalogue; the guide's advice stands beside it. Loaded once;
// thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/select.hpp"
#include "hardscape/select_question.hpp"

namespace hardscape {

struct Scenario {
  std::string id;        // "solo-developer"
  std::string group;     // "persona", "budget", "use case"
  std::string title;
  Question question;
  std::string guide;     // what the guide advises, in our words
  std::string remark;    // what is wrong or dated in that advice
};

std::span<const Scenario> scenarios();
// Null when there is none of that name.
const Scenario* find_scenario(std::string_view id);

// Why today's answer is not the guide's, from the numbers of the answer and the remark.
std::vector<std::string> differences(const Scenario& scenario, const Recommendation& answer);

// The document hardscape.scenarios/1: names, titles, the guide's advice.
std::string to_json(std::span<const Scenario> all);

}  // namespace hardscape
