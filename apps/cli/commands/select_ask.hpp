// The five questions of `select`, asked with arrow keys on a terminal and line by line everywhere else.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hardscape::cli {

// One key press. `letter` is lower case.
struct Key {
  enum class Kind { letter, up, down, back, enter, cancel, end } kind = Kind::end;
  char letter = 0;
};

// Who is asked: `key` is empty when answers come as lines.
struct Talk {
  std::function<void(std::string_view)> say;
  std::function<std::string()> line;   // empty at the end of input: takes the default
  std::function<Key()> key;
};

// The answers as the flags take them.
struct FiveAnswers {
  std::string budget, use_case, location, model_size, priority;

  // "hardscape select --budget 2500 ...", to say the same again.
  std::string command_line() const;
  friend bool operator==(const FiveAnswers&, const FiveAnswers&) = default;
};

// Nothing when the asked one gave up (Ctrl-C, Escape, "quit").
std::optional<FiveAnswers> ask_five(const Talk& talk);

// Key presses of this process's terminal; the terminal is as before when the object goes, also on SIGTERM.
class TerminalKeys {
 public:
  TerminalKeys();
  ~TerminalKeys();
  TerminalKeys(const TerminalKeys&) = delete;
  TerminalKeys& operator=(const TerminalKeys&) = delete;
  bool ready() const { return ready_; }
  Key next();

 private:
  bool ready_ = false;
};

}  // namespace hardscape::cli
