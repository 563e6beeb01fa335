// The program, called in process with everything it writes kept.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "cli/run.hpp"

namespace hardscape::cli {

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

// `width` above 0: as on a terminal of so many columns. `typed`: lines of standard input.
inline Outcome call(std::vector<std::string> args, int width = 0, std::deque<std::string> typed = {}) {
  Outcome outcome;
  Streams streams;
  streams.out = [&](std::string_view text) { outcome.out += text; };
  streams.err = [&](std::string_view text) { outcome.err += text; };
  streams.in_line = [&] {
    if (typed.empty()) return std::string();
    std::string line = typed.front();
    typed.pop_front();
    return line;
  };
  streams.out_is_terminal = width > 0;
  if (width > 0) {
    streams.width = width;
    args.insert(args.end(), {"--color", "never"});
  }
  outcome.status = run(std::move(args), streams, [](std::string_view) { return std::nullopt; });
  return outcome;
}

}  // namespace hardscape::cli
