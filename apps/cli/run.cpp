#include "cli/run.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "cli/commands.hpp"
#include "cli/heap.hpp"
#include "hardscape/suggest.hpp"
#include "hardscape/version.hpp"

namespace hardscape::cli {
namespace {

constexpr std::array<std::string_view, 5> k_globals_with_value{"--format", "--machine", "--root", "--data", "--color"};

// Where the command's name stands: the first argument that is neither a global option nor its value.
std::size_t command_position(const std::vector<std::string>& args) {
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args[i].empty() || args[i][0] != '-') return i;
    if (std::find(k_globals_with_value.begin(), k_globals_with_value.end(), args[i]) != k_globals_with_value.end()) ++i;
  }
  return args.size();
}

std::string usage() {
  std::string text =
      "hardscape: what hardware you have, which models run on it, how fast, and what it costs\n\n"
      "Usage: hardscape [COMMAND] [OPTIONS]\n\n"
      "Without a command it looks at this machine and says what it is good for.\n\nCommands:\n";
  for (const auto& command : commands())
    text += "  " + std::string(command.name) + std::string(12 - std::min<std::size_t>(11, command.name.size()), ' ') +
            std::string(command.summary) + "\n";
  text += "\nEvery command: --format text|json|markdown|csv, --machine, --root, --data, --explain, --quiet, --color\n"
          "Details: hardscape COMMAND --help\n";
  return text;
}

int terminal_width(const Environment& environment) {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const int columns = std::atoi(environment("COLUMNS").value_or("0").c_str());
  return columns > 0 ? columns : 80;
}

std::string read_line_of(std::FILE* file) {
  std::string line;
  for (int c = std::fgetc(file); c != EOF && c != '\n'; c = std::fgetc(file)) line += static_cast<char>(c);
  return line;
}

}  // namespace

int run(std::vector<std::string> args, const Streams& streams, const Environment& environment) {
  const std::size_t at = command_position(args);
  const std::string_view first = args.empty() ? std::string_view() : std::string_view(args[0]);
  if (first == "--version") {
    streams.out("hardscape " + std::string(k_version) + "\n");
    return k_yes;
  }
  if (at == args.size()) {
    if (std::find(args.begin(), args.end(), "--help") != args.end() || std::find(args.begin(), args.end(), "-h") != args.end()) {
      streams.out(usage());
      return k_yes;
    }
    Invocation call(std::move(args), streams, environment);
    return run_overview(call);
  }
  const std::string name = args[at];
  if (name == "help") {
    if (at + 1 < args.size()) {
      args[at] = args[at + 1];
      args[at + 1] = "--help";
      return run(std::move(args), streams, environment);
    }
    streams.out(usage());
    return k_yes;
  }
  const Command* command = find_command(name);
  if (command == nullptr) {
    std::vector<std::string> names;
    for (const auto& known : commands()) names.emplace_back(known.name);
    streams.err("hardscape: there is no command \"" + printable_text(name) + "\"" + did_you_mean(name, names) +
                "\nTry: hardscape --help\n");
    return k_usage;
  }
  args.erase(args.begin() + static_cast<std::ptrdiff_t>(at));
  Invocation call(std::move(args), streams, environment);
  return command->run(call);
}

int run_process(int argc, char** argv) {
  grow_heap_in_large_pages();
  const Environment environment = [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  bool lost = false;
  Streams streams;
  streams.out = [&lost](std::string_view text) { lost |= std::fwrite(text.data(), 1, text.size(), stdout) != text.size(); };
  streams.err = [](std::string_view text) {
    std::fflush(stdout);
    std::fwrite(text.data(), 1, text.size(), stderr);
  };
  streams.in_line = [] { return read_line_of(stdin); };
  streams.in_is_terminal = ::isatty(STDIN_FILENO) == 1;
  streams.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  streams.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  if (streams.out_is_terminal) streams.width = terminal_width(environment);
  const int status = run(std::vector<std::string>(argv + std::min(argc, 1), argv + argc), streams, environment);
  lost |= std::fflush(stdout) != 0;
  if (lost) {
    std::fputs("hardscape: writing the answer to standard output failed; is the disk full?\n", stderr);
    return k_bad_input;
  }
  return status;
}

}  // namespace hardscape::cli
