// Lists what can be measured, lets the runner measure it, and says what stands in the way.
#include <algorithm>
#include <chrono>

#include "base/text.hpp"
#include "host/gpu_watch.hpp"
#include "host/nvml_abi.hpp"
#include "measure/cpu/obstacles.hpp"
#include "measure/runner.hpp"
#include "measure/selection.hpp"

namespace hardscape {
namespace {

using namespace measuring;

Status check(const Host& host, const MeasureOptions& options) {
  const auto refuse = [](std::string sentence) { return Error{ErrorCode::invalid_argument, std::move(sentence)}; };
  if (!host.is_live) return refuse("a recorded machine cannot be measured: nothing runs on it; leave --root away to measure this computer");
  if (options.threads && (*options.threads < 1 || *options.threads > 4096)) return refuse("--threads must be from 1 to 4096");
  if (options.memory && *options.memory < Bytes{k_mib}) return refuse("less than 1 MiB of memory is too little to measure anything");
  if (options.seconds && !(*options.seconds > 0 && *options.seconds <= 86400)) return refuse("the time to measure must be above 0 and at most 86400 seconds");
  return check_devices(options.devices);
}

// NVIDIA's cards that will be measured; nothing where there are none, and a note where they cannot be watched.
std::optional<GpuWatch> watch_cards(const Host& host, const Machine& machine, MeasurementReport& report) {
  std::vector<WatchedGpu> cards;
  for (const auto& device : report.devices)
    for (const auto& a : machine.accelerators)
      if (device.id.starts_with("cuda") && a.id == device.hardware && a.pci) cards.push_back({a.pci->address, device.id});
  if (cards.empty()) return std::nullopt;
  auto watch = GpuWatch::start(host, cards, nvml::library_names());
  if (watch) return *std::move(watch);
  report.notes.push_back({Severity::info, "gpu-not-watched", "Whether heat or a power limit slows the GPU down is not known: " + watch.error().message + ".", std::nullopt});
  return std::nullopt;
}

}  // namespace

Result<MeasurementReport> measure(const Host& host, const Machine& machine, const MeasureOptions& options, const MeasureProgress& progress,
                                  const StopRequested& stop) {
  if (const auto valid = check(host, options); !valid) return valid.error();
  const Senses senses = live_senses();
  const double start = senses.now();

  MeasurementReport report;
  report.options = options;
  const ProbeContext context{host, machine, report.options};
  std::vector<Probe> probes;
  for (const auto& source : probe_sources()) {
    if (!admits_kind(options.devices, source.kind)) continue;
    auto found = source.list(context);
    for (auto& device : found.devices)
      if (admits_device(options.devices, device.id)) report.devices.push_back(std::move(device));
    for (auto& probe : found.probes)
      if (admits_device(options.devices, probe.device)) probes.push_back(std::move(probe));
    report.notes.insert(report.notes.end(), found.notes.begin(), found.notes.end());
  }
  if (probes.empty() && !options.devices.empty())
    return Error{ErrorCode::unavailable, "there is no device \"" + printable(join_words(options.devices)) + "\" here, or its driver cannot be opened; see: hardscape detect"};
  if (const auto known = check_kernels(options.kernels, probes); !known) return known.error();
  std::erase_if(probes, [&](const Probe& p) {
    return !admits_kernel(options.kernels, p) || (options.kernels.empty() && options.length == MeasureLength::quick && !p.in_quick);
  });

  const auto watch = watch_cards(host, machine, report);
  const std::int64_t throttles = thermal_throttles(host.files);
  auto measured = run_probes(probes, schedule_for(options), senses, progress, stop);
  if (measured.stopped) return Error{ErrorCode::timeout, "stopped by request"};
  const auto doubts = doubt(probes, measured.results);
  report.results = std::move(measured.results);
  report.notes.insert(report.notes.end(), measured.notes.begin(), measured.notes.end());
  report.notes.insert(report.notes.end(), doubts.begin(), doubts.end());
  for (auto& device : report.devices)
    if (device.id == "cpu") device.clock_hz = measured.clock_hz;
  if (auto hot = throttled_by_heat(throttles, thermal_throttles(host.files))) report.notes.push_back(*std::move(hot));
  if (watch)
    for (const auto& record : watch->records())
      for (const auto& slow : slowdowns_of(record))
        report.notes.push_back({slow.expected ? Severity::info : Severity::warning, slow.code, slow.message, slow.advice});
  report.precisions = precisions_of(report.results);
  report.took_s = senses.now() - start;
  if (progress) progress("done", 1);
  return report;
}

std::string_view to_string(MeasureStatus status) {
  switch (status) {
    case MeasureStatus::ok: return "ok";
    case MeasureStatus::unsupported: return "unsupported";
    case MeasureStatus::skipped: return "skipped";
    case MeasureStatus::failed: return "failed";
  }
  return "failed";
}

std::string_view to_string(MeasureLength length) {
  switch (length) {
    case MeasureLength::quick: return "quick";
    case MeasureLength::normal: return "normal";
    case MeasureLength::longer: return "long";
  }
  return "normal";
}

}  // namespace hardscape
