#include "hardscape/suggest.hpp"

#include "base/text.hpp"

namespace hardscape {

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  auto names = nearest(word, candidates);
  if (names.empty()) return {};
  for (auto& name : names) name = "\"" + name + "\"";
  return "; did you mean " + join_words(names, "or") + "?";
}

std::string printable_text(std::string_view text) { return printable(text); }

}  // namespace hardscape
