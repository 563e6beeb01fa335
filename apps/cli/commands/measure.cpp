#include <fmt/format.h>


#include "cli/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/keep_result.hpp"
#include "cli/options.hpp"
#include "cli/views/measure_view.hpp"
#include "hardscape/history.hpp"
#include "hardscape/measurement.hpp"

namespace hardscape::cli {
namespace {

std::string subject_of(const MeasurementReport& report) {
  std::string out = std::string(to_string(report.options.length)) + " measurement";
  for (const auto& kernel : report.options.kernels) out += " " + kernel;
  for (const auto& device : report.devices) out += (&device == &report.devices.front() ? " of " : ", ") + device.id;
  return out;
}

std::optional<Bytes> bytes_of_mib(double mib) {
  return mib > 0 ? std::optional<Bytes>(Bytes{static_cast<std::int64_t>(mib * static_cast<double>(k_mib))}) : std::nullopt;
}

}  // namespace

int run_measure(Invocation& call) {
  Options app{"What the silicon of this computer gives: bandwidth, latency, arithmetic rates", "hardscape measure"};
  MeasureOptions options;
  bool quick = false, longer = false, forget = false;
  int threads = 0;
  double memory_mib = 0, seconds = 0;
  auto* quick_flag = app.add_flag("--quick", quick, "The main figures in two seconds");
  app.add_flag("--long", longer, "A minute: dense curves, fresh buffers, the sustained rate")->excludes(quick_flag);
  app.add_option("--device,-d", options.devices, "Only these: cpu, cuda0, opencl ...")->delimiter(',');
  app.add_option("--kernel,-k", options.kernels, "Only these kernels, groups or precisions: triad, cache, int8 ...")->delimiter(',');
  auto* threads_option = app.add_option("--threads,-t", threads, "At most so many (default: one on each core)");
  app.add_option("--memory-mib", memory_mib, "At most so much memory for the arrays")->within(1.0, 1e9);
  auto* seconds_option = app.add_option("--seconds", seconds, "Time for everything (default: 8; quick 1.4; long 60)");
  app.add_flag("--zeros", options.zeros, "Measure with zeros, to see how much that flatters");
  app.add_flag("--no-save", forget, "Do not keep the result in the history");
  if (const auto over = call.parse(app)) return *over;
  if (quick) options.length = MeasureLength::quick;
  if (longer) options.length = MeasureLength::longer;
  if (*threads_option) options.threads = threads;
  if (*seconds_option) options.seconds = seconds;
  options.memory = bytes_of_mib(memory_mib);
  if (!call.globals().machine.empty() || !call.globals().root.empty())
    return call.fail(Error{ErrorCode::invalid_argument, "measure times this computer; --machine and --root name another, on which nothing runs (see catalog and predict)"});

  const auto host = call.host();
  if (!host) return call.fail(host.error());
  const auto machine = call.machine();
  if (!machine) return call.fail(machine.error());

  const bool draw = call.streams().err_is_terminal && !call.globals().quiet;
  const MeasureProgress progress = [&](std::string_view what, double done) {
    if (!draw) return;
    call.streams().err(done >= 1 ? std::string("\r\x1b[K") : fmt::format("\r\x1b[K{:3.0f} %  {}", 100 * done, what));
  };
  const Interruption interruption;
  const auto report = measure(*host, *machine, options, progress, [] { return Interruption::came(); });
  if (Interruption::came()) {
    call.streams().err(draw ? "\r\x1b[Kinterrupted\n" : "interrupted\n");
    return 130;
  }
  if (!report) {
    if (draw) call.streams().err("\r\x1b[K");
    return call.fail(report.error());
  }
  if (!forget && !options.zeros) keep_result(call, *machine, "measure", subject_of(*report), to_json(*report, *machine));
  return call.tell({.json = [&] { return to_json(*report, *machine); },
                    .document = [&] { return document_of(*report, *machine, call.globals().explain); }});
}

}  // namespace hardscape::cli
