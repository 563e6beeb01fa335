#include <algorithm>

#include "hardscape/bench.hpp"

namespace hardscape {

int default_threads(const Machine& machine, std::optional<double> quota) {
  int cores = 0;
  for (const auto& processor : machine.processors) {
    int fast = processor.cores;
    for (const auto& kind : processor.kinds)
      if (kind.name == "performance") fast = kind.cores;
    cores += fast;
  }
  if (quota && *quota < cores) cores = static_cast<int>(*quota);
  return std::max(1, cores);
}

std::string quantisation_in(std::string_view description) {
  std::string_view text = description;
  std::string size;
  if (const auto dash = text.rfind(" - "); dash != std::string_view::npos && dash + 3 < text.size()) {
    size = std::string("_") + text[dash + 3];
    text = text.substr(0, dash);
  }
  const auto space = text.rfind(' ');
  return std::string(text.substr(space == std::string_view::npos ? 0 : space + 1)) + size;
}

}  // namespace hardscape
