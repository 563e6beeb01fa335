// One call of one command: its arguments, the options every command has, and how it answers.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/run.hpp"
#include "hardscape/catalogue.hpp"
#include "hardscape/document.hpp"
#include "hardscape/evidence.hpp"
#include "hardscape/result.hpp"

namespace hardscape::cli {

class Options;

// Exit statuses of the program; see the interface in README.md.
enum Exit : int { k_yes = 0, k_no = 1, k_usage = 2, k_bad_input = 3, k_unavailable = 4 };

struct Globals {
  std::string format = "text";  // text, json, markdown, csv
  bool json = false;
  std::string machine;          // catalogue name or saved document; empty: this computer
  std::string root;             // recorded machine; empty: this computer
  std::string data;             // overlay on the catalogue
  bool explain = false;
  bool quiet = false;
  bool no_history = false;      // predict without what was measured here before
  std::string color = "auto";   // auto, always, never
};

// What a command has to say; only the form asked for is made.
struct Answer {
  std::function<std::string()> json;
  std::function<Document()> document;
  int status = k_yes;
};

class Invocation {
 public:
  Invocation(std::vector<std::string> args, const Streams& streams, const Environment& environment)
      : args_(std::move(args)), streams_(streams), environment_(environment) {}

  // Adds the global options, parses; a status when the run is over already (--help, wrong usage).
  std::optional<int> parse(Options& app);

  const Globals& globals() const { return globals_; }
  const Streams& streams() const { return streams_; }
  const Environment& environment() const { return environment_; }
  const std::vector<std::string>& args() const { return args_; }
  bool wants_json() const { return globals_.format == "json"; }

  // The catalogue with --data on top.
  Result<Catalogue> catalogue() const;
  // The host that --root or this computer is.
  Result<Host> host() const;
  // The machine that --machine, --root or this computer is, with its specifications filled in.
  Result<Machine> machine() const;
  // The same with what was measured on it before, for commands that predict. A history that cannot be read is a
  // remark, not an error; one that is not there costs nothing.
  Result<InformedMachine> informed_machine() const;

  // Renders in the format asked for and returns the answer's status.
  int tell(const Answer& answer) const;
  // Prints the error as a sentence and returns the status for its kind.
  int fail(const Error& error) const;
  // A progress or warning line on stderr, silent with --quiet.
  void remark(std::string_view sentence) const;

 private:
  std::vector<std::string> args_;
  const Streams& streams_;
  const Environment& environment_;
  Globals globals_;
  mutable std::optional<Catalogue> catalogue_;  // read once: its copies share what they have read
};

}  // namespace hardscape::cli
