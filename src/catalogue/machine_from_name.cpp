#include <algorithm>

#include "base/text.hpp"
#include "catalogue/fill.hpp"
#include "catalogue/match.hpp"
#include "catalogue/part_name.hpp"
#include "catalogue/unified_share.hpp"

namespace hardscape {
namespace {

constexpr Bytes k_assumed_host_memory{32 * k_gib};

Error wrong(ErrorCode code, std::string what) { return {code, std::move(what)}; }

std::string option_list(const Device& device) {
  std::vector<std::string> sizes;
  for (const auto& option : device.memory_options) sizes.push_back(std::to_string(option.value.value / k_gib));
  return join_words(sizes, "or") + " GB";
}

// The device; the memory that its name states becomes that of the part.
Result<const Device*> device_named(PartName& part, const Catalogue& catalogue) {
  const std::string& name = part.name;
  const auto found = catalogue.look_up(name);
  if (found.matches.size() == 1) {
    if (!part.memory) part.memory = found.memory;
    return found.matches.front();
  }
  const std::string quoted = "machine \"" + printable(name) + "\"";
  if (!found.matches.empty()) {
    std::vector<std::string> ids;
    for (const auto* device : found.matches) ids.push_back(device->id);
    if (ids.size() > 8) ids.resize(8);
    return wrong(ErrorCode::invalid_argument, quoted + " is several devices: " + found.question + " Write " + join_words(ids, "or"));
  }
  if (!found.contradiction.empty()) return wrong(ErrorCode::invalid_argument, quoted + ": " + found.contradiction);
  if (const auto* family = catalogue.family_named(name)) {
    std::vector<std::string> ids;
    for (const auto* device : catalogue.members_of(*family)) ids.push_back(device->id);
    if (ids.size() > 8) ids.resize(8);
    return wrong(ErrorCode::invalid_argument,
                 quoted + " is a family of devices" + (ids.empty() ? "" : ", such as " + join_words(ids, "or")) + ". See: hardscape catalog show " + family->id);
  }
  Processor processor;
  processor.name = name;
  std::replace(processor.name.begin(), processor.name.end(), '-', ' ');
  processor.name += ' ';
  if (const auto* device = device_of(processor, catalogue)) return device;
  std::string near;
  if (!found.nearest.empty()) near = (found.nearest.size() == 1 ? "; the nearest is " : "; the nearest are ") + join_words(found.nearest, "and");
  return wrong(ErrorCode::invalid_argument, quoted + " is neither a device of the catalogue nor a file" + near +
                                                ". See: hardscape catalog list");
}

// The option asked for, or the largest with a note that says so.
Result<Fact<Bytes>> memory_of(const Device& device, const PartName& part, Machine& machine) {
  if (device.memory_options.empty())
    return wrong(ErrorCode::unsupported, "machine \"" + device.id + "\": its memory size is not known, so that no machine can be made of it");
  if (part.memory) {
    for (const auto& option : device.memory_options)
      if (option.value == *part.memory) return option;
    if (takes_memory(device, *part.memory)) return Fact<Bytes>{*part.memory, device.memory_options.back().source};
    return wrong(ErrorCode::invalid_argument, "machine \"" + printable(part.name) + "\": it is sold with " + option_list(device) +
                                                  ", not with " + std::to_string(part.memory->value / k_gib) + " GB");
  }
  if (device.memory_options.size() > 1) {
    machine.notes.push_back({Severity::info, "assumed-memory",
                             device.id + " is sold with " + option_list(device) + "; the largest is taken",
                             "Write " + device.id + ":" + std::to_string(device.memory_options.front().value.value / k_gib) + "GB for another."});
  }
  return device.memory_options.back();
}

std::string full_name(const Device& device) {
  return starts_with_ignoring_case(device.name, device.vendor) ? device.name : device.vendor + " " + device.name;
}

Accelerator accelerator_of(const Device& device, AcceleratorKind kind, Machine& machine) {
  Accelerator accelerator;
  accelerator.kind = kind;
  const auto same = std::count_if(machine.accelerators.begin(), machine.accelerators.end(),
                                  [&](const Accelerator& a) { return a.kind == kind; });
  accelerator.id = std::string(to_string(kind)) + std::to_string(same);
  accelerator.vendor = device.vendor;
  accelerator.name = full_name(device);
  accelerator.usable = true;
  return accelerator;
}

void add_dedicated(Machine& machine, const Device& device, const Fact<Bytes>& memory, int count) {
  const bool tpu = device.device_class == "cloud-accelerator";
  const int seen = device.software_devices && *device.software_devices > 1 && *device.software_devices < 16
                       ? static_cast<int>(*device.software_devices) : 1;
  for (int i = 0; i < count * seen; ++i) {
    auto accelerator = accelerator_of(device, tpu ? AcceleratorKind::tpu : AcceleratorKind::gpu, machine);
    Fact<Bytes> total = device.usable_memory && memory == device.memory_options.back() ? *device.usable_memory : memory;
    total.value = Bytes{total.value.value / seen};
    accelerator.memory = {MemoryKind::dedicated, total, {}};
    if (device.compute_units) accelerator.compute_units = static_cast<int>(*device.compute_units / seen);
    fill(accelerator, {&device});
    machine.accelerators.push_back(std::move(accelerator));
  }
}

void add_npu(Machine& machine, const Device& device) {
  auto accelerator = accelerator_of(device, AcceleratorKind::npu, machine);
  accelerator.integrated = true;
  accelerator.memory.kind = MemoryKind::shared;
  fill(accelerator, {&device});
  machine.accelerators.push_back(std::move(accelerator));
}

bool has_gpu_rate(const Device& device) { return device.fp16 || device.fp32 || device.bf16 || device.fp4 || device.device_class == "apple-soc"; }

void add_unified(Machine& machine, const Device& device, const Fact<Bytes>& memory) {
  machine.memory.total = memory.value;
  machine.memory.bandwidth = device.bandwidth;
  machine.memory.type = device.memory_type;
  machine.memory.rate = device.memory_rate;
  Processor processor;
  processor.name = full_name(device);
  processor.vendor = device.vendor;
  processor.sockets = 1;
  processor.architecture = device.vendor == "AMD" || device.vendor == "Intel" ? "x86_64" : "aarch64";
  machine.processors.push_back(std::move(processor));
  if (device.device_class == "edge-board") machine.board = device.name;
  if (has_gpu_rate(device) || device.device_class == "mobile-soc") {
    machine.memory.unified = true;
    const auto limit = unified_share(device, memory.value);
    auto accelerator = accelerator_of(device, AcceleratorKind::gpu, machine);
    accelerator.integrated = true;
    const double bytes = static_cast<double>(memory.value.value) * limit.share;
    accelerator.memory = {MemoryKind::unified,
                          Fact<Bytes>{Bytes{static_cast<std::int64_t>(bytes)}, {Origin::estimated, limit.source, "", memory.source.confidence}}, {}};
    if (device.compute_units) accelerator.compute_units = static_cast<int>(*device.compute_units);
    fill(accelerator, {&device});
    machine.accelerators.push_back(std::move(accelerator));
    if (limit.share < 1) machine.notes.push_back({Severity::info, "gpu-memory-limit", limit.notes, {}});
  }
  if (device.npu_int8 && device.device_class != "npu") add_npu(machine, device);
}

void add_processor(Machine& machine, const Device& device, const PartName& part) {
  Processor processor;
  processor.name = full_name(device);
  processor.vendor = device.vendor;
  processor.sockets = part.count;
  processor.architecture = device.vendor == "AMD" || device.vendor == "Intel" ? "x86_64" : "aarch64";
  machine.processors.push_back(std::move(processor));
  if (part.memory) machine.memory.total = *part.memory;
  machine.memory.type = device.memory_type;
  machine.memory.rate = device.memory_rate;
  if (device.memory_bus_bits) machine.memory.channels = device.memory_bus_bits->value / 64 * part.count;
  if (device.bandwidth) {
    Fact<BytesPerSecond> peak = *device.bandwidth;
    peak.value = peak.value * part.count;
    machine.memory.bandwidth = peak;
  }
}

Status add_part(Machine& machine, const Device& device, const PartName& part) {
  if (device.device_class == "cpu") {
    add_processor(machine, device, part);
    return Done{};
  }
  if (device.device_class == "npu") {
    for (int i = 0; i < part.count; ++i) add_npu(machine, device);
    return Done{};
  }
  const auto memory = memory_of(device, part, machine);
  if (!memory) return memory.error();
  if (!device.unified_memory) {
    add_dedicated(machine, device, *memory, part.count);
    return Done{};
  }
  if (part.count > 1 || machine.memory.total.value > 0)
    return wrong(ErrorCode::unsupported, "machine \"" + device.id + "\": memory shared by processor and GPU makes it a machine of its own; "
                                         "several of them are a cluster, which this is not");
  add_unified(machine, device, *memory);
  return Done{};
}

}  // namespace

Result<Machine> machine_from_name(std::string_view name, const Catalogue& catalogue) {
  std::vector<PartName> parts;
  // A name with a plus or a colon of its own comes first.
  if (catalogue.look_up(name).matches.empty()) {
    auto parsed = parse_parts(name);
    if (!parsed) return std::move(parsed).error();
    parts = std::move(*parsed);
  } else {
    parts.push_back({1, std::string(trim(name)), {}});
  }
  Machine machine;
  machine.os.name = "catalogue";
  for (auto& part : parts) {
    const auto device = device_named(part, catalogue);
    if (!device) return device.error();
    const auto status = add_part(machine, **device, part);
    if (!status) return status.error();
  }
  if (machine.memory.total.value == 0) {
    std::int64_t all = 0;
    for (const auto& accelerator : machine.accelerators)
      if (accelerator.memory.kind == MemoryKind::dedicated && accelerator.memory.total) all += accelerator.memory.total->value.value;
    machine.memory.total = std::max(k_assumed_host_memory, Bytes{all});
    machine.notes.push_back({Severity::info, "assumed-host",
                             "the name says nothing about the host, which is assumed to have " +
                                 std::to_string(machine.memory.total.value / k_gib) + " GiB of memory; its processor is unknown",
                             "Add a processor with its memory: \"" + std::string(trim(name)) + " + ryzen-9-9950x:128GB\"."});
  }
  machine.memory.available = machine.memory.total;
  return machine;
}

}  // namespace hardscape
