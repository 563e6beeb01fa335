#include <fmt/format.h>

#include <algorithm>

#include "detect/assemble.hpp"

namespace hardscape {
namespace {

// The kernel's total counts the memory of devices that it manages as NUMA nodes.
Bytes device_memory(const Sightings& seen) {
  Bytes sum{0};
  CpuSet counted;
  for (const DeviceNodeSighting& device : seen.device_nodes) {
    const auto node = std::find_if(seen.topology.nodes.begin(), seen.topology.nodes.end(),
                                   [&](const NumaNodeSighting& n) { return n.id == device.node; });
    if (node == seen.topology.nodes.end() || counted.contains(device.node)) continue;
    counted.add(device.node);
    // What the node really has is what the kernel added; the driver's word covers nodes without a meminfo.
    const auto size = node->memory ? node->memory : device.size;
    if (size && size->value > 0) sum += *size;
  }
  return sum;
}

}  // namespace

Memory assemble_memory(const Sightings& seen, std::vector<Note>& notes) {
  const MemorySighting& sighting = seen.memory;
  Memory memory;
  memory.swap = sighting.swap;
  memory.type = sighting.type;
  memory.rate = sighting.rate;
  memory.channels = sighting.channels;
  memory.available = sighting.available;
  if (!sighting.total) {
    notes.push_back({Severity::warning, "memory-unknown", "The size of the memory could not be found out.", std::nullopt});
    return memory;
  }
  memory.total = *sighting.total;
  if (const Bytes devices = device_memory(seen); devices.value > 0 && devices < memory.total) {
    memory.total -= devices;
    notes.push_back({Severity::info, "device-memory-in-total",
                     fmt::format("The kernel counts {:.1f} GiB of accelerator memory as its own; it is left out of the {:.1f} GiB.",
                                 in_gib(devices), in_gib(memory.total)),
                     std::nullopt});
  }
  if (memory.available) memory.available = std::min(*memory.available, memory.total);

  if (seen.allowed.memory_limit && *seen.allowed.memory_limit < memory.total) {
    memory.limit = seen.allowed.memory_limit;
    const Bytes left = *memory.limit - std::min(*memory.limit, seen.allowed.memory_limit_used.value_or(Bytes{0}));
    memory.available = memory.available ? std::min(*memory.available, left) : left;
    notes.push_back({Severity::info, "memory-limited",
                     fmt::format("This process may use {:.1f} of {:.1f} GiB of memory ({}).", in_gib(*memory.limit),
                                 in_gib(memory.total), seen.allowed.memory_limit_path),
                     "Raise the container's or job's memory limit to run larger models."});
  }

  if (sighting.bandwidth) {
    memory.bandwidth = sighting.bandwidth;
  } else if (sighting.rate && sighting.bus_bits) {
    // Bits of all channels, times transfers a second, in bytes.
    memory.bandwidth = Fact<BytesPerSecond>{
        BytesPerSecond{*sighting.bus_bits / 8.0 * sighting.rate->value.value},
        Source{Origin::estimated, fmt::format("{} bits x {:.0f} MT/s / 8 ({})", *sighting.bus_bits,
                                              sighting.rate->value.value / 1e6, sighting.rate->source.ref), "", Confidence::unstated}};
  }
  return memory;
}

}  // namespace hardscape
