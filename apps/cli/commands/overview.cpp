#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/views/overview_view.hpp"
#include "cli/views/shell_text.hpp"

namespace hardscape::cli {

int run_overview(Invocation& call) {
  Options app{"What this machine is good for", "hardscape"};
  if (const auto over = call.parse(app)) return *over;
  const auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  const auto known = call.informed_machine();
  if (!known) return call.fail(known.error());
  const auto option = [](const char* name, const std::string& value) {
    return value.empty() ? std::string() : std::string(" ") + name + " " + shell_word(value);
  };
  const Globals& globals = call.globals();
  const Overview overview = overview_of(known->machine, *catalogue, known->evidence,
                                        option("--machine", globals.machine) + option("--root", globals.root) + option("--data", globals.data));
  return call.tell({.json = [&] { return to_json(overview); }, .document = [&] { return view_of(overview, call.globals().explain); }});
}

}  // namespace hardscape::cli
