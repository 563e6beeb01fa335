// For people who misspell: the nearest names, and text that is safe to put on a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hardscape {

// "; did you mean \"detect\" or \"edge\"?", or nothing when no candidate is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

// Without control characters and invalid UTF-8.
std::string printable_text(std::string_view text);

}  // namespace hardscape
