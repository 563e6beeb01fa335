#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "hardscape/detect.hpp"

namespace hardscape::cli {

int run_overview(Invocation& call) {
  CLI::App app{"What this machine is good for", "hardscape"};
  if (const auto over = call.parse(app)) return *over;
  const auto machine = call.machine();
  if (!machine) return call.fail(machine.error());
  return call.tell({.json = [&] { return to_json(*machine); },
                    .document = [&] { return Document{{Heading{"This machine"}, NoteBlock{machine->notes}}}; }});
}

}  // namespace hardscape::cli
