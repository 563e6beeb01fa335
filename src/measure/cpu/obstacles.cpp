#include "measure/cpu/obstacles.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace hardscape::measuring {
namespace {

void add(DeviceProbes& out, Severity severity, std::string code, std::string message, std::string advice) {
  out.notes.push_back({severity, std::move(code), std::move(message), std::move(advice)});
}

void governor(const FileTree& files, int cpu, DeviceProbes& out) {
  const auto name = files.read_line("/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/cpufreq/scaling_governor");
  // schedutil and the governors of intel_pstate reach full clock under load; these two need not.
  if (name && (*name == "powersave" || *name == "conservative")) {
    const auto driver = files.read_line("/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/cpufreq/scaling_driver").value_or("");
    if (*name == "powersave" && driver.starts_with("intel_pstate")) return;
    if (*name == "powersave" && driver.starts_with("amd-pstate-epp")) return;
    add(out, Severity::warning, "governor", "The clock is governed by \"" + printable(*name) + "\", which keeps it low.",
        "For full speed: cpupower frequency-set -g performance");
  }
  const auto no_turbo = files.read_line("/sys/devices/system/cpu/intel_pstate/no_turbo");
  const auto boost = files.read_line("/sys/devices/system/cpu/cpufreq/boost");
  if (no_turbo == "1" || boost == "0")
    add(out, Severity::info, "no-boost", "Boost clocks are switched off on this machine.", "They can be switched on in the firmware or below /sys/devices/system/cpu.");
}

void huge_pages(const FileTree& files, DeviceProbes& out) {
  const auto text = files.read_line("/sys/kernel/mm/transparent_hugepage/enabled");
  if (text && text->find("[never]") != std::string::npos)
    add(out, Severity::info, "no-huge-pages", "Transparent huge pages are switched off: random access to large data costs more, streams about a tenth.",
        "To allow programs to ask for them: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled");
}

void quota(const Machine& machine, DeviceProbes& out) {
  for (const auto& note : machine.notes)
    if (note.code == "processor-quota")
      out.notes.push_back({Severity::warning, "processor-quota", note.message + " All threads together are slowed down to that, in bursts.", note.advice});
}

}  // namespace

std::int64_t thermal_throttles(const FileTree& files) {
  std::int64_t sum = 0;
  for (const auto& name : files.list("/sys/devices/system/cpu")) {
    if (name.rfind("cpu", 0) != 0) continue;
    for (const char* counter : {"core", "package"})
      sum += files.read_number("/sys/devices/system/cpu/" + name + "/thermal_throttle/" + counter + "_throttle_count").value_or(0);
  }
  return sum;
}

std::optional<Note> throttled_by_heat(std::int64_t before, std::int64_t after) {
  if (after <= before) return std::nullopt;
  return Note{Severity::warning, "processor-hot", "The processor grew too hot and lowered its clock " + std::to_string(after - before) + " times meanwhile.",
              "Look to the cooler, its paste and the air flow; in long runs speeds will fall further."};
}

void add_obstacles(const ProbeContext& context, const CoreChoice& cores, DeviceProbes& out) {
  const FileTree& files = context.host.files;
  governor(files, cores.cpus.front(), out);
  huge_pages(files, out);
  quota(context.machine, out);
  if (context.machine.memory.channels == 1)
    add(out, Severity::warning, "one-channel", "Memory runs on one channel: half of the bandwidth of two.", "Put a second module of the same kind into the other channel's slot.");
  int most = 0;
  for (const auto& p : context.machine.processors) most += p.cores;
  if (context.options.threads.value_or(most) < most)
    add(out, Severity::info, "fewer-threads", "Measured with " + std::to_string(static_cast<int>(cores.cpus.size())) + " of " + std::to_string(most) + " cores, as asked.", "Without --threads all take part.");
}

}  // namespace hardscape::measuring
