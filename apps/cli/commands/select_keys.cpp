// The terminal in raw mode, one key at a time.
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <cctype>

#include "cli/commands/select_ask.hpp"

namespace hardscape::cli {
namespace {

termios saved{};
struct sigaction saved_term{}, saved_hup{}, saved_int{};

extern "C" void restore_and_die(int signal) {
  ::tcsetattr(STDIN_FILENO, TCSANOW, &saved);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

// The rest of an escape sequence comes at once or not at all.
bool more_waiting() {
  pollfd waiting{STDIN_FILENO, POLLIN, 0};
  constexpr int k_patience_ms = 30;
  return ::poll(&waiting, 1, k_patience_ms) > 0;
}

int next_byte() {
  unsigned char byte = 0;
  return ::read(STDIN_FILENO, &byte, 1) == 1 ? byte : -1;
}

Key escape_sequence() {
  if (!more_waiting()) return {Key::Kind::cancel};
  const int kind = next_byte();
  if (kind != '[' && kind != 'O') return {Key::Kind::letter, ' '};
  int byte = next_byte();
  while (byte == ';' || std::isdigit(byte) != 0) byte = next_byte();
  switch (byte) {
    case 'A': return {Key::Kind::up};
    case 'B': return {Key::Kind::down};
    case 'C': return {Key::Kind::enter};
    case 'D': return {Key::Kind::back};
    case -1: return {Key::Kind::end};
    default: return {Key::Kind::letter, ' '};
  }
}

}  // namespace

TerminalKeys::TerminalKeys() {
  if (::tcgetattr(STDIN_FILENO, &saved) != 0) return;
  struct sigaction action {};
  action.sa_handler = restore_and_die;
  ::sigaction(SIGTERM, &action, &saved_term);
  ::sigaction(SIGHUP, &action, &saved_hup);
  ::sigaction(SIGINT, &action, &saved_int);
  termios raw = saved;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  ready_ = ::tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}

TerminalKeys::~TerminalKeys() {
  if (!ready_) return;
  ::tcsetattr(STDIN_FILENO, TCSANOW, &saved);
  ::sigaction(SIGTERM, &saved_term, nullptr);
  ::sigaction(SIGHUP, &saved_hup, nullptr);
  ::sigaction(SIGINT, &saved_int, nullptr);
}

Key TerminalKeys::next() {
  constexpr int k_interrupt = 3, k_end = 4, k_backspace = 8, k_escape = 27, k_delete = 127;
  const int byte = next_byte();
  switch (byte) {
    case -1: return {Key::Kind::end};
    case k_interrupt:
    case k_end: return {Key::Kind::cancel};
    case '\r':
    case '\n': return {Key::Kind::enter};
    case k_backspace:
    case k_delete:
    case '<': return {Key::Kind::back};
    case k_escape: return escape_sequence();
    default: return {Key::Kind::letter, static_cast<char>(std::tolower(byte))};
  }
}

}  // namespace hardscape::cli
