// From arguments to an exit status.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/host.hpp"

namespace hardscape::cli {

// Where a run writes and what is at the other end.
struct Streams {
  std::function<void(std::string_view)> out;
  std::function<void(std::string_view)> err;
  std::function<std::string()> in_line;  // next line of standard input without its end; empty at the end
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  int width = 80;                        // of the terminal, when there is one
};

// The whole program. `args` is without the program's name.
int run(std::vector<std::string> args, const Streams& streams, const Environment& environment);
// The same on this process's own streams.
int run_process(int argc, char** argv);

}  // namespace hardscape::cli
