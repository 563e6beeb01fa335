#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "hardscape/detect.hpp"

namespace hardscape::cli {

int run_detect(Invocation& call) {
  CLI::App app{"What is in this machine", "hardscape detect"};
  if (const auto over = call.parse(app)) return *over;
  const auto machine = call.machine();
  if (!machine) return call.fail(machine.error());
  return call.tell({.json = [&] { return to_json(*machine); },
                    .document = [&] {
                      Document document;
                      document.blocks.push_back(Heading{"This machine"});
                      document.blocks.push_back(NoteBlock{machine->notes});
                      return document;
                    }});
}

}  // namespace hardscape::cli
