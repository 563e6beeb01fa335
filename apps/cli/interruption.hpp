// Ctrl-C ends the run at the next chance; a second one ends the program at once.
#pragma once

#include <csignal>

namespace hardscape::cli {

class Interruption {
 public:
  Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  ~Interruption();

  static bool came();   // since the newest was made

 private:
  struct sigaction before_ {};
};

}  // namespace hardscape::cli
