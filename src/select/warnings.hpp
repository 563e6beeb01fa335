// What people regret later, said before they buy.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "select/judge.hpp"

namespace hardscape::select {

// For one candidate by itself: its traits, its price, electricity.
std::vector<std::string> warnings_for(const AskedQuestion& asked, const Judgement& judgement, const Candidate& candidate,
                                      const Performance& performance);

// For a choice among others: paying for speed that inference does not need.
std::optional<std::string> overspending(const AskedQuestion& asked, const Judgement& chosen,
                                        const std::vector<Judgement>& front, std::span<const Candidate> candidates);

}  // namespace hardscape::select
