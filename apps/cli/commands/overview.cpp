#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/views/overview_view.hpp"

namespace hardscape::cli {

int run_overview(Invocation& call) {
  Options app{"What this machine is good for", "hardscape"};
  if (const auto over = call.parse(app)) return *over;
  const auto catalogue = call.catalogue();
  if (!catalogue) return call.fail(catalogue.error());
  const auto known = call.informed_machine();
  if (!known) return call.fail(known.error());
  const auto option = [](const char* name, const std::string& value) {
    const std::string mark = value.find_first_of(" $`\\\"'*?;&|<>()") == std::string::npos ? "" : "\"";
    return value.empty() ? std::string() : std::string(" ") + name + " " + mark + value + mark;
  };
  const Overview overview = overview_of(known->machine, *catalogue, known->evidence,
                                        option("--machine", call.globals().machine) + option("--root", call.globals().root));
  return call.tell({.json = [&] { return to_json(overview); }, .document = [&] { return view_of(overview, call.globals().explain); }});
}

}  // namespace hardscape::cli
