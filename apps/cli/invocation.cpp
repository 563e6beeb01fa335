#include "cli/invocation.hpp"

#include "cli/options.hpp"
#include "hardscape/bench.hpp"
#include "hardscape/detect.hpp"
#include "hardscape/history.hpp"

namespace hardscape::cli {
namespace {

void add_globals(Options& app, Globals& globals) {
  const std::string group = "Options of every command";
  app.add_option("--format", globals.format, "text, json, markdown or csv")
      ->one_of({"text", "json", "markdown", "csv"})->group(group);
  app.add_flag("--json", globals.json, "Short for --format json")->group(group);
  app.add_option("--machine", globals.machine, "Catalogue name (\"2x rtx-3090\") or saved document instead of this computer")->group(group);
  app.add_option("--root", globals.root, "Read /proc, /sys and /etc of a recorded machine below this folder")->group(group);
  app.add_option("--data", globals.data, "Folder of your own catalogue records, on top of the built-in ones")->group(group);
  app.add_flag("--explain", globals.explain, "Say where each number comes from")->group(group);
  app.add_flag("--no-history", globals.no_history, "Predict without what was measured on this machine before")->group(group);
  app.add_flag("--quiet", globals.quiet, "No progress and no warnings")->group(group);
  app.add_option("--color", globals.color, "auto, always or never")
      ->one_of({"auto", "always", "never"})->group(group);
}

bool is_file(const std::string& path) {
  return path.find('/') != std::string::npos || (path.size() > 5 && path.substr(path.size() - 5) == ".json");
}

// Of one model, and in all: more would cost time and change little.
constexpr int k_entries_each = 4;
constexpr int k_entries_most = 24;

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return k_usage;
    case ErrorCode::not_found:
    case ErrorCode::malformed:
    case ErrorCode::unsupported:
    case ErrorCode::io: return k_bad_input;
    case ErrorCode::unavailable:
    case ErrorCode::timeout: return k_unavailable;
  }
  return k_usage;
}

}  // namespace

std::optional<int> Invocation::parse(Options& app) {
  add_globals(app, globals_);
  if (const auto ending = app.parse(args_)) {
    if (ending->wanted_help) {
      streams_.out(ending->message);
      return k_yes;
    }
    streams_.err("hardscape: " + ending->message + "\nTry: " + app.name() + " --help\n");
    return k_usage;
  }
  if (globals_.json) globals_.format = "json";
  return std::nullopt;
}

Result<Catalogue> Invocation::catalogue() const {
  if (!catalogue_) {
    auto read = globals_.data.empty() ? Result<Catalogue>(Catalogue::built_in()) : Catalogue::with_overlay(globals_.data);
    if (!read) return read;
    catalogue_ = *std::move(read);
  }
  return *catalogue_;
}

Result<Host> Invocation::host() const { return globals_.root.empty() ? live_host() : recorded_host(globals_.root); }

Result<Machine> Invocation::machine() const {
  if (!globals_.machine.empty() && !globals_.root.empty())
    return Error{ErrorCode::invalid_argument, "--machine and --root name two machines; give one of them"};
  auto known = catalogue();
  if (!known) return known.error();
  if (!globals_.machine.empty()) {
    if (!is_file(globals_.machine)) return machine_from_name(globals_.machine, *known);
    auto text = read_file(globals_.machine, 64u << 20);
    if (!text) return text.error();
    auto machine = machine_from_json(*text, globals_.machine);
    if (!machine) return machine.error();
    return resolve(*std::move(machine), *known);
  }
  const auto where = host();
  if (!where) return where.error();
  return resolve(detect(*where), *known);
}

Result<InformedMachine> Invocation::informed_machine() const {
  auto known = machine();
  if (!known) return known.error();
  const auto path = globals_.no_history ? Result<std::string>(std::string()) : history_path(environment_);
  if (!path || path->empty()) return InformedMachine{*std::move(known), {}};
  const auto history = History::look_into(*path);
  if (history && !history->has_value()) return InformedMachine{*std::move(known), {}};
  const auto entries = history ? (*history)->newest(machine_fingerprint(*known), k_entries_each, k_entries_most) : Result<std::vector<HistoryEntry>>(history.error());
  if (!entries) {
    remark("hardscape: predicting without earlier measurements: " + entries.error().message);
    return InformedMachine{*std::move(known), {}};
  }
  auto facts = catalogue();
  if (!facts) return facts.error();
  const auto where = host();
  return inform(*std::move(known), *entries, *facts, where ? engine_release(*where) : std::string());
}

int Invocation::tell(const Answer& answer) const {
  if (globals_.format == "json" && answer.json) {
    streams_.out(answer.json());
    return answer.status;
  }
  const Document document = answer.document();
  if (globals_.format == "markdown") {
    streams_.out(render_markdown(document));
  } else if (globals_.format == "csv") {
    streams_.out(render_csv(document));
  } else {
    TextStyle style;
    const bool no_color = environment_("NO_COLOR").value_or("") != "" || environment_("TERM").value_or("") == "dumb";
    style.color = globals_.color == "always" || (globals_.color == "auto" && streams_.out_is_terminal && !no_color);
    style.width = streams_.out_is_terminal ? streams_.width : 0;
    std::string locale;
    for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"})
      if (locale.empty()) locale = environment_(name).value_or("");
    const bool utf8 = locale.find("UTF-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    style.unicode = streams_.out_is_terminal && utf8;
    streams_.out(render_text(document, style));
  }
  return answer.status;
}

int Invocation::fail(const Error& error) const {
  streams_.err("hardscape: " + error.message + "\n");
  return status_of(error.code);
}

void Invocation::remark(std::string_view sentence) const {
  if (!globals_.quiet) streams_.err(std::string(sentence) + "\n");
}

}  // namespace hardscape::cli
