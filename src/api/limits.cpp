#include "api/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace hardscape {
namespace {

constexpr double k_billion_4bit = 4.9 / 8 * 1e9;  // bytes of a billion parameters in Q4_K_M
constexpr double k_small_pool = 0.8;                    // less of it free than this is worth a sentence
constexpr int k_few_cores = 4;

using Limitations = std::vector<Limitation>;

void on_accelerators(Limitations& limits, const Machine& machine, const MemoryView& memory) {
  std::set<std::string> groups;
  for (const auto& pool : memory.devices) groups.insert(pool.group);
  if (memory.devices.empty()) {
    const auto idle = std::find_if(machine.accelerators.begin(), machine.accelerators.end(),
                                   [](const Accelerator& a) { return a.kind == AcceleratorKind::gpu; });
    if (idle == machine.accelerators.end())
      limits.push_back({"no-accelerator", "No GPU: the processor reads the weights and does all the arithmetic."});
    else
      limits.push_back({"accelerator-unusable", fmt::format("{} is there but cannot be used: {}", idle->name,
                                                            idle->why_not.value_or("nobody says how much memory it has"))});
  }
  for (const auto& pool : memory.devices) {
    if (pool.unified || pool.source.origin < Origin::reported) continue;
    if (static_cast<double>(pool.free.value) < k_small_pool * static_cast<double>(pool.total.value))
      limits.push_back({"device-memory-in-use", fmt::format("{} of {}'s {:.1f} GiB are in use by others.",
                                                            fmt::format("{:.1f} GiB", in_gib(pool.total - pool.free)), pool.device, in_gib(pool.total))});
  }
  if (groups.size() > 1)
    limits.push_back({"devices-apart", "The accelerators are of different kinds and cannot share one model; the roomiest decides."});
}

void on_memory(Limitations& limits, const Machine& machine, const MemoryView& memory) {
  if (machine.memory.total.value == 0 && memory.devices.empty()) return;  // the route that failed has said so
  Bytes room = memory.host.free;
  for (const auto& pool : memory.devices) {
    Bytes together{0};
    for (const auto& other : memory.devices)
      if (other.group == pool.group) together += other.free;
    if (&pool == &memory.devices.front() || together > room) room = together;
  }
  limits.push_back({"memory-size", fmt::format("{:.1f} GiB free for models{}: about {:.0f} billion parameters in 4 bits.", in_gib(room),
                                               memory.devices.empty() ? "" : " on accelerators",
                                               std::max(0.0, static_cast<double>(room.value) * 0.9 / k_billion_4bit))});
  const Memory& ram = machine.memory;
  if (ram.limit && *ram.limit < ram.total)
    limits.push_back({"memory-limit", fmt::format("A limit on this process allows {:.1f} of {:.1f} GiB of memory.", in_gib(*ram.limit), in_gib(ram.total))});
}

void on_speed(Limitations& limits, const Machine& machine, const MemoryView& memory) {
  std::optional<Fact<BytesPerSecond>> bandwidth;
  std::string of = "memory";
  for (const auto& accelerator : machine.accelerators)
    if (accelerator.usable && accelerator.bandwidth && !memory.devices.empty() && accelerator.id == memory.devices.front().device) {
      bandwidth = accelerator.bandwidth;
      of = accelerator.id;
    }
  if (!bandwidth && (memory.devices.empty() || memory.devices.front().unified)) bandwidth = machine.memory.bandwidth;
  if (bandwidth) {
    const double gb = in_gb_per_s(bandwidth->value);
    const Origin origin = bandwidth->source.origin;
    if (origin == Origin::calibrated)
      limits.push_back({"memory-speed", fmt::format("About {:.0f} GB/s from {}, by what decoding has reached here.", gb, of)});
    else
      limits.push_back({"memory-speed", fmt::format("{:.0f} GB/s from {}{}: no more than {:.0f} tokens/s from a dense model of 5 GB.", gb, of,
                                                    origin == Origin::measured ? ", measured" : "", gb / 5)});
  } else {
    limits.push_back({"memory-speed-unknown", fmt::format("The speed of {} is not known, and it decides how fast tokens come.", of)});
  }
  if (machine.memory.channels == 1 && memory.devices.empty())
    limits.push_back({"one-memory-channel", "Only one memory channel is filled: a second module like the first doubles decoding speed."});
  int cores = 0;
  bool vectors = true;
  for (const auto& processor : machine.processors) {
    cores += processor.cores;
    const auto& f = processor.features;
    if (processor.architecture == "x86_64" && !f.empty()) vectors = std::find(f.begin(), f.end(), "avx2") != f.end();
  }
  if (!memory.devices.empty()) return;
  if (cores > 0 && cores <= k_few_cores)
    limits.push_back({"few-cores", fmt::format("{} core{}: long prompts take their time before the first token.", cores, cores == 1 ? "" : "s")});
  if (!vectors) limits.push_back({"no-avx2", "The processor has no AVX2: engines run several times slower."});
}

}  // namespace

Limitations limits_of(const Machine& machine, const MemoryView& memory) {
  Limitations limits;
  on_accelerators(limits, machine, memory);
  on_memory(limits, machine, memory);
  on_speed(limits, machine, memory);
  if (machine.os.virtualization && memory.devices.empty())
    limits.push_back({"virtual-machine", "A virtual machine shares memory channels with its neighbours; speed varies with them."});
  for (const Note& note : machine.notes)
    if (note.severity != Severity::info) limits.push_back({note.code, note.message});
  return limits;
}

}  // namespace hardscape
