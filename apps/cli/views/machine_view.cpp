#include "cli/views/machine_view.hpp"

#include <fmt/format.h>

namespace hardscape::cli {
namespace {

std::string bytes(Bytes b) {
  if (b.value >= 10 * k_gib) return fmt::format("{:.1f} GiB", in_gib(b));
  if (b.value >= k_gib) return fmt::format("{:.2f} GiB", in_gib(b));
  if (b.value >= k_mib && b.value % k_mib == 0) return fmt::format("{} MiB", b.value / k_mib);
  if (b.value >= k_mib) return fmt::format("{:.1f} MiB", static_cast<double>(b.value) / static_cast<double>(k_mib));
  return fmt::format("{:g} KiB", static_cast<double>(b.value) / static_cast<double>(k_kib));
}

std::string counted(int count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
  return fmt::format("{}", fmt::join(words, separator));
}

Pairs system_rows(const Machine& machine) {
  Pairs pairs;
  if (machine.board) pairs.rows.push_back({"Computer", *machine.board});
  std::string os = machine.os.name;
  if (machine.os.version) os += ' ' + *machine.os.version;
  if (machine.os.kernel) os += fmt::format("{}kernel {}", os.empty() ? "" : ", ", *machine.os.kernel);
  if (!os.empty()) pairs.rows.push_back({"System", os});
  std::vector<std::string> within;
  if (machine.os.virtualization) within.push_back(*machine.os.virtualization + " virtual machine");
  if (machine.os.container) within.push_back(*machine.os.container + " container");
  if (!within.empty()) pairs.rows.push_back({"Runs in", joined(within, ", ")});
  return pairs;
}

std::string caches_of(const Processor& processor) {
  std::vector<std::string> words;
  for (const Cache& cache : processor.caches) {
    if (cache.type == "instruction") continue;
    const char* suffix = cache.level == 1 && cache.type == "data" ? "d" : "";
    words.push_back(fmt::format("L{}{} {}{}", cache.level, suffix, cache.instances > 1 ? fmt::format("{} x ", cache.instances) : "",
                                cache.size ? bytes(*cache.size) : "size unknown"));
  }
  return joined(words, ", ");
}

Pairs processor_rows(const Processor& processor) {
  Pairs pairs;
  pairs.rows.push_back({"Name", {processor.name, Tone::strong}});
  pairs.rows.push_back({"Cores", fmt::format("{}, {}, {}, {}", counted(processor.cores, "core"), counted(processor.threads, "thread"),
                                             counted(processor.sockets, "socket"), counted(processor.numa_nodes, "NUMA node"))});
  std::vector<std::string> kinds;
  for (const CoreKind& kind : processor.kinds) {
    kinds.push_back(kind.threads == kind.cores ? fmt::format("{} x {}", kind.cores, kind.name)
                                               : fmt::format("{} x {} ({} threads)", kind.cores, kind.name, kind.threads));
  }
  if (!kinds.empty()) pairs.rows.push_back({"Kinds", joined(kinds, ", ")});
  if (processor.max_frequency) pairs.rows.push_back({"Clock", fmt::format("up to {:.2f} GHz", processor.max_frequency->value.value / 1e9)});
  if (const std::string caches = caches_of(processor); !caches.empty()) pairs.rows.push_back({"Caches", caches});
  pairs.rows.push_back({"For AI", processor.features.empty() ? Cell{"no vector instructions that matter", Tone::faint}
                                                             : Cell{joined(processor.features, " ")}});
  return pairs;
}

Pairs memory_rows(const Memory& memory) {
  Pairs pairs;
  if (memory.total.value > 0) {
    pairs.rows.push_back({"Total", {bytes(memory.total) + (memory.unified ? ", shared with the accelerator" : ""), Tone::strong}});
  } else {
    pairs.rows.push_back({"Total", {"unknown", Tone::warn}});
  }
  if (memory.limit) pairs.rows.push_back({"Allowed", {bytes(*memory.limit), Tone::warn}});
  if (memory.available) pairs.rows.push_back({"Available", bytes(*memory.available)});
  if (memory.swap && memory.swap->value > 0) pairs.rows.push_back({"Swap", bytes(*memory.swap)});
  std::vector<std::string> kind;
  if (memory.type) kind.push_back(memory.type->value);
  if (memory.rate) kind.push_back(fmt::format("{:.0f} MT/s", memory.rate->value.value / 1e6));
  if (memory.channels) kind.push_back(counted(*memory.channels, "channel"));
  if (!kind.empty()) pairs.rows.push_back({"Kind", joined(kind, ", ")});
  if (memory.bandwidth) {
    pairs.rows.push_back({"Bandwidth", fmt::format("{:.1f} GB/s ({})", in_gb_per_s(memory.bandwidth->value),
                                                   memory.bandwidth->source.origin >= Origin::calibrated ? "measured" : "theoretical")});
  } else {
    pairs.rows.push_back({"Bandwidth", {"unknown: neither firmware nor catalogue tells it", Tone::faint}});
  }
  return pairs;
}

std::string memory_of(const Accelerator& device) {
  if (!device.memory.total) return "unknown";
  return bytes(device.memory.total->value) + (device.memory.kind == MemoryKind::dedicated ? "" : ' ' + std::string(to_string(device.memory.kind)));
}

void add_accelerators(const std::vector<Accelerator>& devices, Document& document) {
  document.blocks.push_back(Heading{"Accelerators", 2});
  if (devices.empty()) {
    document.blocks.push_back(Paragraph{"No GPU, NPU or other accelerator was found."});
    return;
  }
  Table table{"accelerators",
              {{"Id"}, {"Name", Align::left, true}, {"Memory", Align::right}, {"Free", Align::right}, {"Driver", Align::left, true}, {"Usable"}},
              {}};
  for (const Accelerator& device : devices) {
    table.rows.push_back({device.id, {device.name, Tone::strong}, memory_of(device),
                          device.memory.free ? bytes(*device.memory.free) : "",
                          device.driver.value_or(""), device.usable ? Cell{"yes", Tone::good} : Cell{"no", Tone::bad}});
  }
  document.blocks.push_back(std::move(table));
  Bullets reasons;
  for (const Accelerator& device : devices) {
    if (!device.usable && device.why_not) reasons.items.push_back({device.id + ": " + *device.why_not, Tone::warn});
    for (const Partition& part : device.partitions)
      reasons.items.push_back(fmt::format("{} holds {}{}", device.id, part.name, part.memory ? ", " + bytes(*part.memory) : ""));
  }
  if (!reasons.items.empty()) document.blocks.push_back(std::move(reasons));
}

// One row a figure whose origin is known.
class Sources {
 public:
  template <class T>
  void add(std::string figure, const Known<T>& known) {
    if (!known) return;
    const Source& source = known->source;
    std::string from = source.ref;
    if (!source.date.empty()) from += ", " + source.date;
    if (source.confidence == Confidence::unverified) from += " (unverified)";
    table_.rows.push_back({std::move(figure), std::string(to_string(source.origin)), std::move(from)});
  }
  const Table& table() const { return table_; }

 private:
  Table table_{"sources", {{"Figure"}, {"Origin"}, {"From", Align::left, true}}, {}};
};

void add_sources(const Machine& machine, Document& document) {
  Sources sources;
  for (const Processor& processor : machine.processors) sources.add("processor clock", processor.max_frequency);
  sources.add("memory type", machine.memory.type);
  sources.add("memory rate", machine.memory.rate);
  sources.add("memory bandwidth", machine.memory.bandwidth);
  for (const Accelerator& device : machine.accelerators) {
    sources.add(device.id + " memory", device.memory.total);
    sources.add(device.id + " bandwidth", device.bandwidth);
    sources.add(device.id + " FP32", device.fp32);
    sources.add(device.id + " FP16", device.fp16);
    sources.add(device.id + " INT8", device.int8);
    sources.add(device.id + " power limit", device.power_limit);
  }
  document.blocks.push_back(Heading{"Where the figures come from", 2});
  document.blocks.push_back(Paragraph{"Counts of processors, caches and memory are the kernel's: /proc and /sys."});
  if (!sources.table().rows.empty()) document.blocks.push_back(sources.table());
}

}  // namespace

Document view_of(const Machine& machine, const MachineViewOptions& options) {
  Document document;
  document.blocks.push_back(Heading{"This machine"});
  if (Pairs rows = system_rows(machine); !rows.rows.empty()) document.blocks.push_back(std::move(rows));
  for (const Processor& processor : machine.processors) {
    document.blocks.push_back(Heading{"Processor", 2});
    document.blocks.push_back(processor_rows(processor));
  }
  document.blocks.push_back(Heading{"Memory", 2});
  document.blocks.push_back(memory_rows(machine.memory));
  add_accelerators(machine.accelerators, document);
  if (!machine.notes.empty()) {
    document.blocks.push_back(Heading{"Notes", 2});
    document.blocks.push_back(NoteBlock{machine.notes});
  }
  if (options.explain) add_sources(machine, document);
  return document;
}

}  // namespace hardscape::cli
