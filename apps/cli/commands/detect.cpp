#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/views/machine_view.hpp"
#include "cli/views/shell_text.hpp"
#include "hardscape/detect.hpp"

namespace hardscape::cli {
namespace {

int run_gather(Invocation& call, const std::string& folder) {
  const auto host = call.host();
  if (!host) return call.fail(host.error());
  const auto machine = gather(*host, folder);
  if (!machine) return call.fail(machine.error());
  call.remark("recorded in " + folder + "; `hardscape --root " + shell_word(folder) + " detect` replays it");
  return call.tell({.json = [&] { return to_json(*machine); }, .document = [&] { return view_of(*machine, {call.globals().explain}); }});
}

}  // namespace

int run_detect(Invocation& call) {
  Options app{"What is in this machine", "hardscape detect"};
  std::string folder;
  app.add_option("--gather", folder, "Record what detection reads in a new folder, without serial numbers")
      ->type_name("DIR");
  if (const auto over = call.parse(app)) return *over;
  if (!folder.empty()) return run_gather(call, folder);
  const auto machine = call.machine();
  if (!machine) return call.fail(machine.error());
  return call.tell({.json = [&] { return to_json(*machine); }, .document = [&] { return view_of(*machine, {call.globals().explain}); }});
}

}  // namespace hardscape::cli
