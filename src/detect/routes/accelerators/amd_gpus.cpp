#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/routes/accelerators/device_access.hpp"
#include "detect/routes/accelerators/kfd.hpp"
#include "detect/routes/accelerators/known_devices.hpp"
#include "detect/routes/accelerators/pci_names.hpp"
#include "detect/routes/accelerators/routes_of_accelerators.hpp"

namespace hardscape {
namespace {

constexpr std::uint16_t k_amd = 0x1002;
const std::string k_nodes = "/sys/class/kfd/kfd/topology/nodes";

// A desktop Ryzen's two units drive a screen; nobody runs models on them.
constexpr int k_display_only_units = 2;

bool is_amd_gpu(const AcceleratorSighting& sighting) {
  return sighting.device.pci && sighting.device.pci->vendor_id == k_amd && sighting.device.kind == AcceleratorKind::gpu;
}

// Some tools that record sysfs pad its files with zeros; read_line takes them off.
std::optional<std::int64_t> number_in(const FileTree& files, const std::string& path) {
  const auto text = files.read_line(path);
  return text ? parse_integer(*text) : std::nullopt;
}

std::optional<Bytes> bytes_in(const FileTree& files, const std::string& path) {
  const auto value = number_in(files, path);
  if (!value || *value <= 0) return std::nullopt;
  return Bytes{*value};
}

Source reported(std::string ref) { return {Origin::reported, std::move(ref), "", Confidence::unstated}; }

// Firmware's share of the memory sits outside the kernel's total; the rest is mapped page by page (GTT).
void share_system_memory(AcceleratorSighting& sighting) {
  Accelerator& device = sighting.device;
  device.integrated = true;
  if (device.memory.total) {
    sighting.carve_out = device.memory.total->value;
    if (device.memory.free) sighting.carve_out_used = *sighting.carve_out - *device.memory.free;
    device.memory.total.reset();
    device.memory.free.reset();
  }
  device.memory.kind = device.gfx_target && device.compute_units.value_or(0) > k_display_only_units ? MemoryKind::unified
                                                                                                   : MemoryKind::shared;
}

void read_sensors(const FileTree& files, AcceleratorSighting& sighting, bool& is_integrated) {
  const std::string root = sighting.folder + "/hwmon/";
  for (const std::string& name : files.list(sighting.folder + "/hwmon")) {
    const std::string folder = root + name;
    // The voltage of the processor's own memory controller: only processors with graphics have it.
    if (files.read_line(folder + "/in1_label") == "vddnb") is_integrated = true;
    if (const auto microwatts = number_in(files, folder + "/power1_cap"); microwatts && *microwatts > 0 && *microwatts < 20'000'000'000) {
      learn(sighting.device.power_limit,
            Fact<Watts>{Watts{static_cast<double>(*microwatts) / 1e6}, reported(folder + "/power1_cap")});
    }
  }
}

void read_files(const FileTree& files, AcceleratorSighting& sighting) {
  Accelerator& device = sighting.device;
  const std::string& folder = sighting.folder;
  const std::string total_file = folder + "/mem_info_vram_total";
  if (const auto total = bytes_in(files, total_file)) {
    learn(device.memory.total, Fact<Bytes>{*total, reported(total_file)});
    const auto used = number_in(files, folder + "/mem_info_vram_used");
    if (used && *used >= 0 && *used <= total->value) device.memory.free = *total - Bytes{*used};
  }
  const std::string mapped_file = folder + "/mem_info_gtt_total";
  const auto mapped = bytes_in(files, mapped_file);
  if (const auto product = files.read_line(folder + "/product_name"); product && product->size() > 3) {
    const std::string name = printable(*product);
    device.name = starts_with_ignoring_case(name, "AMD") ? name : "AMD " + name;
  }
  bool is_integrated = false;
  // A suspended card would be woken by its sensors.
  if (!sighting.is_asleep) read_sensors(files, sighting, is_integrated);
  if (is_integrated) device.integrated = true;
  if (mapped) {
    sighting.mappable = mapped;
    sighting.mappable_source = mapped_file;
  }
}

std::vector<KfdNode> read_nodes(const FileTree& files) {
  std::vector<KfdNode> nodes;
  constexpr std::size_t k_most_nodes = 4096;
  for (const std::string& number : files.list(k_nodes)) {
    const std::string folder = k_nodes + '/' + number;
    const auto properties = files.read(folder + "/properties", 65536);
    if (!properties || nodes.size() >= k_most_nodes) continue;
    KfdNode node = parse_kfd_node(*properties);
    node.number = static_cast<int>(parse_integer(number).value_or(0));
    node.name = printable(files.read_line(folder + "/name").value_or(""));
    for (const std::string& bank : files.list(folder + "/mem_banks")) {
      if (const auto text = files.read(folder + "/mem_banks/" + bank + "/properties", 65536))
        node.banks.push_back(parse_kfd_bank(*text));
    }
    nodes.push_back(std::move(node));
  }
  return nodes;
}

// What the processor's node says of its memory bus in MT/s; absent on most kernels.
std::optional<int> system_memory_rate(const std::vector<KfdNode>& nodes) {
  for (const KfdNode& node : nodes) {
    if (node.is_gpu()) continue;
    for (const KfdBank& bank : node.banks) {
      if (bank.clock_mhz > 100 && bank.clock_mhz < 20000) return bank.clock_mhz;
    }
  }
  return std::nullopt;
}

void learn_bandwidth(Accelerator& device, const KfdDevice& kfd, const std::vector<KfdNode>& all) {
  // Every partition repeats the width of the whole card: one node's bank is the card's bus.
  const auto& banks = kfd.nodes.front().banks;
  const auto bank = std::find_if(banks.begin(), banks.end(), [](const KfdBank& b) { return b.width_bits > 0; });
  if (bank == banks.end() || bank->width_bits > 65536) return;
  std::string how;
  double transfers = 0;  // a second
  if (device.integrated) {
    const auto rate = system_memory_rate(all);
    if (!rate) return;
    transfers = *rate * 1e6;
    how = fmt::format("{} bits x {} MT/s / 8 (KFD)", bank->width_bits, *rate);
  } else {
    const auto clocking = device.gfx_target ? amd_memory_clocking(*device.gfx_target) : std::nullopt;
    if (!clocking || bank->clock_mhz <= 0 || bank->clock_mhz > 20000) return;
    transfers = bank->clock_mhz * 1e6 * clocking->transfers;
    how = fmt::format("{} bits x {} MHz x {} ({}) / 8 (KFD)", bank->width_bits, bank->clock_mhz, clocking->transfers,
                      clocking->memory);
  }
  learn(device.bandwidth, Fact<BytesPerSecond>{BytesPerSecond{bank->width_bits / 8.0 * transfers},
                                               Source{Origin::estimated, how, "", Confidence::unstated}});
}

// Programs see each partition as a device of its own: its memory is what one of them has, the card's total is not.
void add_partitions(Accelerator& device, const KfdDevice& kfd, Sightings& seen) {
  if (kfd.nodes.size() < 2) return;
  int index = 0;
  for (const KfdNode& node : kfd.nodes) {
    Partition partition;
    partition.id = fmt::format("renderD{}", node.render_minor);
    partition.name = fmt::format("partition {} ({} compute units)", index++, node.simds_per_unit > 0 ? node.simds / node.simds_per_unit : 0);
    KfdDevice alone;
    alone.nodes.push_back(node);
    partition.memory = alone.memory();
    device.partitions.push_back(std::move(partition));
  }
  const bool all_tell = std::all_of(device.partitions.begin(), device.partitions.end(), [](const Partition& p) { return p.memory.has_value(); });
  if (!all_tell && !device.memory.total) return;
  // The driver divides the card's memory equally.
  if (!all_tell) {
    for (Partition& partition : device.partitions) partition.memory = device.memory.total->value / static_cast<std::int64_t>(partitions_of_mode(index));
  }
  Bytes largest{0};
  for (const Partition& partition : device.partitions) largest = std::max(largest, *partition.memory);
  const std::string whole = device.memory.total && !all_tell ? fmt::format(" of the {:.1f} GiB card", in_gib(device.memory.total->value)) : "";
  device.memory.total = all_tell ? Fact<Bytes>{largest, reported("KFD mem_banks, largest partition")}
                                 : Fact<Bytes>{largest, Source{Origin::estimated, device.memory.total->source.ref + ", an equal share", "", Confidence::unstated}};
  device.memory.free.reset();
  seen.note(Severity::info, "gpu-partitions",
            fmt::format("{} is split into {} partitions, which programs see as GPUs of their own; the largest has {:.1f} GiB{}.",
                        device.name, device.partitions.size(), in_gib(largest), whole),
            "Set the SPX mode (sudo amd-smi set --compute-partition SPX) to use the card as one.");
}

void add_kfd_device(const FileTree& files, const KfdDevice& kfd, const std::vector<KfdNode>& all, Sightings& seen) {
  const KfdNode& node = kfd.nodes.front();
  AcceleratorSighting& sighting = seen.accelerator(kfd.address);
  Accelerator& device = sighting.device;
  if (!device.pci) {
    device.kind = AcceleratorKind::gpu;
    PciAddress pci;
    pci.address = kfd.address.substr(0, kfd.address.find('#'));
    pci.vendor_id = node.vendor_id;
    pci.device_id = node.device_id;
    device.vendor = vendor_name(node.vendor_id);
    device.name = name_of(files, pci);
    device.pci = pci;
    device.driver = "amdgpu";
    device.usable = true;
  }
  std::string target = gfx_target(node.gfx_target_version);
  if (target.empty()) target = amd_target_of(node.name, node.device_id).value_or("");
  if (!target.empty()) device.gfx_target = target;
  if (const auto units = kfd.compute_units(); units && *units > 0) device.compute_units = units;
  // A processor's graphics have one visible bank that is as large as what the driver may map.
  if (sighting.mappable && kfd.memory() == sighting.mappable && device.memory.total &&
      device.memory.total->value != *sighting.mappable)
    device.integrated = true;
  if (!device.integrated) {
    if (const auto memory = kfd.memory()) learn(device.memory.total, Fact<Bytes>{*memory, reported("KFD mem_banks")});
  } else if (!sighting.mappable) {
    sighting.mappable = kfd.memory();
    sighting.mappable_source = "KFD mem_banks";
  }
  learn_bandwidth(device, kfd, all);
  add_partitions(device, kfd, seen);
}

void judge(const Host& host, AcceleratorSighting& sighting, bool has_topology, Sightings& seen) {
  Accelerator& device = sighting.device;
  if (const auto what = amd_without_compute(device.pci->device_id); what && device.usable) {
    device.usable = false;
    device.why_not = *what + " is older than what AMD's compute drivers serve.";
  }
  if (!device.usable || !host.is_live) return;
  std::vector<NodeState> nodes;
  if (const std::string render = render_node_of(host.files, sighting.folder); !render.empty())
    nodes.push_back(node_state(host.files, "/dev/dri/" + render));
  if (device.gfx_target) nodes.push_back(node_state(host.files, "/dev/kfd"));
  device.why_not = access_refusal(nodes, seen.os.container.has_value());
  device.usable = !device.why_not;
  if (has_topology && !device.gfx_target) {
    seen.note(Severity::info, "no-rocm",
              device.name + " has no compute node (KFD): ROCm will not run on it, Vulkan may.");
  }
}

}  // namespace

void observe_amd_gpus(const Host& host, const DetectOptions&, Sightings& seen) {
  const bool has_topology = host.files.exists(k_nodes);
  if (!has_topology && std::none_of(seen.accelerators.begin(), seen.accelerators.end(), is_amd_gpu)) return;
  for (AcceleratorSighting& sighting : seen.accelerators) {
    if (is_amd_gpu(sighting)) read_files(host.files, sighting);
  }
  if (has_topology) {
    const auto nodes = read_nodes(host.files);
    for (const KfdDevice& device : kfd_devices(nodes)) add_kfd_device(host.files, device, nodes, seen);
  }
  for (AcceleratorSighting& sighting : seen.accelerators) {
    if (!is_amd_gpu(sighting)) continue;
    if (sighting.device.integrated) {
      share_system_memory(sighting);
    } else {
      sighting.mappable.reset();  // system memory behind PCIe is not the card's memory
    }
    judge(host, sighting, has_topology, seen);
  }
  for (const char* variable : {"HSA_OVERRIDE_GFX_VERSION"}) {
    if (const auto value = host.environment(variable); value && !value->empty()) {
      seen.note(Severity::warning, "gfx-override",
                fmt::format("{}={} makes ROCm treat the GPU as another one; the targets shown here are the real ones.", variable,
                            printable(*value)),
                "Unset it unless the real target has no ROCm build.");
    }
  }
}

}  // namespace hardscape
