#include "measure/cpu/cpu_probes.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "measure/cpu/crew.hpp"
#include "measure/cpu/obstacles.hpp"

namespace hardscape::measuring {

bool has_features(const Processor& processor, std::string_view needs) {
  const auto words = split_words(needs);
  return std::all_of(words.begin(), words.end(), [&](std::string_view word) {
    return std::find(processor.features.begin(), processor.features.end(), word) != processor.features.end();
  });
}

DeviceProbes cpu_probes(const ProbeContext& context) {
  DeviceProbes out;
  MeasuredDevice device;
  device.hardware = "cpu";
  device.id = "cpu";
  if (!context.machine.processors.empty()) device.name = context.machine.processors.front().name;
  out.devices.push_back(std::move(device));

  const CoreChoice cores = choose_cores(context.host.files, allowed_cpus(), context.options.threads);
  Crews crews;
  crews.all = std::make_shared<Crew>(cores.cpus);
  crews.one = std::make_shared<Crew>(std::vector<int>{cores.nodes.front().front()});
  if (cores.nodes.size() > 1)
    for (const auto& node : cores.nodes) crews.nodes.push_back(std::make_shared<Crew>(node));
  add_memory_probes(context, crews, out);
  add_latency_probes(context, crews, out);
  add_arithmetic_probes(context, crews, out);
  add_gemm_probes(context, crews, out);
  add_obstacles(context, cores, out);
  return out;
}

}  // namespace hardscape::measuring
