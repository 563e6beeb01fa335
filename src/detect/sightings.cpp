#include "detect/sightings.hpp"

#include <algorithm>

namespace hardscape {

AcceleratorSighting* Sightings::find_accelerator(std::string_view key) {
  const auto found = std::find_if(accelerators.begin(), accelerators.end(),
                                  [&](const AcceleratorSighting& seen) { return seen.key == key; });
  return found == accelerators.end() ? nullptr : &*found;
}

AcceleratorSighting& Sightings::accelerator(std::string_view key) {
  if (AcceleratorSighting* known = find_accelerator(key)) return *known;
  AcceleratorSighting& made = accelerators.emplace_back();
  made.key = key;
  return made;
}

void Sightings::note(Severity severity, std::string_view code, std::string message,
                     std::optional<std::string> advice) {
  Note news{severity, std::string(code), std::move(message), std::move(advice)};
  if (std::find(notes.begin(), notes.end(), news) == notes.end()) notes.push_back(std::move(news));
}

}  // namespace hardscape
