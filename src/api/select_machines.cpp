#include "api/select_machines.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace hardscape::api {
namespace {

Accelerator accelerator_of(const Device& d, int index) {
  Accelerator a;
  a.id = fmt::format("gpu{}", index);
  a.kind = d.device_class == "cloud-accelerator" && starts_with_ignoring_case(d.id, "tpu") ? AcceleratorKind::tpu
                                                                                           : AcceleratorKind::gpu;
  a.vendor = d.vendor;
  a.name = d.name;
  a.catalogue_id = d.id;
  a.bandwidth = d.bandwidth;
  a.fp32 = d.fp32;
  a.fp16 = d.fp16;
  a.int8 = d.int8;
  a.power_limit = d.power;
  a.compute_capability = d.compute_capability;
  a.gfx_target = d.gfx_target;
  a.usable = true;
  return a;
}

Processor some_processor(std::string_view architecture) {
  Processor p;
  p.name = "any current processor";
  p.architecture = architecture;
  p.sockets = 1;
  p.cores = 8;
  p.threads = 16;
  p.numa_nodes = 1;
  return p;
}

std::string system_of(const Device& chip, Form form) {
  const bool apple = equal_ignoring_case(chip.vendor, "Apple");
  if (form == Form::phone) return apple ? "iOS" : "Android";
  return apple ? "macOS" : "Linux";
}

}  // namespace

bool shares_memory(const Device& d) {
  return d.unified_memory || d.device_class == "apple-soc" || d.device_class == "mobile-soc" ||
         d.device_class == "edge-board" || d.device_class == "laptop-soc";
}

std::optional<Bytes> memory_of(const Device& d) {
  if (d.memory_options.empty()) return std::nullopt;
  return d.memory_options.back().value;
}

Machine with_cards(Machine machine, const Device& card, int count) {
  for (int i = 0; i < count; ++i) {
    Accelerator a = accelerator_of(card, static_cast<int>(machine.accelerators.size()));
    a.memory.kind = MemoryKind::dedicated;
    if (const auto memory = memory_of(card)) a.memory.total = Fact<Bytes>{*memory, card.memory_options.back().source};
    machine.accelerators.push_back(std::move(a));
  }
  return machine;
}

Machine machine_with_cards(const Device& card, int count, Bytes host_memory) {
  Machine m;
  m.os.name = "Linux";
  m.processors.push_back(some_processor("x86_64"));
  m.memory.total = host_memory;
  return with_cards(std::move(m), card, count);
}

Machine machine_around(const Device& chip, Bytes memory, Form form, bool on_processor) {
  Machine m;
  m.os.name = system_of(chip, form);
  m.processors.push_back(some_processor("aarch64"));
  m.processors.back().name = chip.name;
  m.processors.back().vendor = chip.vendor;
  m.memory.total = memory;
  m.memory.unified = true;
  m.memory.bandwidth = chip.bandwidth;
  if (form == Form::board) m.board = chip.name;
  // A phone's system takes an app back that holds more than about half of the memory.
  if (form == Form::phone) m.memory.available = memory / 2;
  if (on_processor) return m;
  Accelerator a = accelerator_of(chip, 0);
  a.integrated = true;
  a.memory.kind = MemoryKind::unified;
  a.memory.total = Fact<Bytes>{memory, {Origin::catalogued, "what it is sold with", "", Confidence::unstated}};
  a.memory.free = m.memory.available;
  m.accelerators.push_back(std::move(a));
  return m;
}

}  // namespace hardscape::api
