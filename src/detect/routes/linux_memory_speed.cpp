#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "detect/parse/smbios.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

void take(MemoryLayout layout, const std::string& origin, Sightings& seen) {
  MemorySighting& memory = seen.memory;
  // "CHANNEL A" of two sockets would be taken for one.
  if (seen.topology.packages.size() > 1 && !layout.names_processors) {
    layout.channels.reset();
    layout.bus_bits.reset();
  }
  const Source source{Origin::reported, origin, "", Confidence::unstated};
  if (!layout.type.empty()) learn(memory.type, {layout.type, source});
  if (layout.rate) learn(memory.rate, {*layout.rate, source});
  if (!memory.channels) memory.channels = layout.channels;
  if (!memory.bus_bits) memory.bus_bits = layout.bus_bits;
}

// The firmware's tables as the kernel shows them to root.
void from_tables(const FileTree& files, Sightings& seen) {
  constexpr const char* k_table = "/sys/firmware/dmi/tables/DMI";
  constexpr const char* k_entries = "/sys/firmware/dmi/entries";
  if (const auto table = files.read(k_table)) {
    take(layout_of(parse_smbios(*table)), k_table, seen);
    if (seen.memory.rate) return;
  }
  std::vector<MemoryDevice> devices;
  for (const std::string& name : files.list(k_entries)) {
    if (!name.starts_with("17-") || devices.size() > 1024) continue;
    const auto raw = files.read(std::string(k_entries) + '/' + name + "/raw", 4096);
    if (!raw) continue;
    for (MemoryDevice& device : parse_smbios(*raw)) devices.push_back(std::move(device));
  }
  take(layout_of(devices), std::string(k_entries) + "/17-*", seen);
}

// What udev noted of those tables at start-up, for everybody.
void from_udev(const FileTree& files, Sightings& seen) {
  constexpr const char* k_database = "/run/udev/data/+dmi:id";
  if (const auto text = files.read(k_database, 1 << 20)) take(layout_of(parse_udev_memory(*text)), k_database, seen);
}

// amdgpu's view: width and clock (MT/s) of the last module it found in the tables; on a processor with an integrated
// GPU the GPU's bank has the width of the whole bus.
void from_kfd(const FileTree& files, MemorySighting& memory) {
  constexpr const char* k_nodes = "/sys/class/kfd/kfd/topology/nodes";
  constexpr std::int64_t k_most_megatransfers = 20000;
  for (const std::string& node : files.list(k_nodes)) {
    const std::string folder = std::string(k_nodes) + '/' + node;
    const auto gpu = files.read_number(folder + "/gpu_id");
    if (!gpu || *gpu != 0) continue;
    const auto bank = files.read(folder + "/mem_banks/0/properties", 4096);
    if (!bank) continue;
    for (const std::string_view line : split_lines(*bank)) {
      const auto words = split_words(line);
      if (words.size() != 2 || words[0] != "mem_clk_max") continue;
      const auto rate = parse_integer(words[1]);
      // Below that it is no rate of a memory in use with these GPUs, but a clock or nothing.
      if (rate && *rate >= 800 && *rate <= k_most_megatransfers)
        learn(memory.rate, {TransfersPerSecond{static_cast<double>(*rate) * 1e6},
                            {Origin::reported, folder + "/mem_banks/0/properties", "", Confidence::unstated}});
    }
  }
}

// Error-checking memory controllers know the type of their modules.
void from_edac(const FileTree& files, MemorySighting& memory) {
  constexpr const char* k_controllers = "/sys/devices/system/edac/mc";
  for (const std::string& controller : files.list(k_controllers)) {
    if (!controller.starts_with("mc")) continue;
    const std::string folder = std::string(k_controllers) + '/' + controller;
    for (const std::string& module : files.list(folder)) {
      if (!module.starts_with("dimm") && !module.starts_with("rank")) continue;
      const auto type = files.read_line(folder + '/' + module + "/dimm_mem_type");
      if (!type || *type == "Unknown") continue;
      // "Registered-DDR4", "Unbuffered-DDR5".
      const std::string name = type->substr(type->rfind('-') + 1);
      if (name.find("DDR") == std::string::npos && name.find("HBM") == std::string::npos) continue;
      std::string place = folder;
      place.append("/").append(module).append("/dimm_mem_type");
      learn(memory.type, {name, {Origin::reported, std::move(place), "", Confidence::unstated}});
      return;
    }
  }
}

}  // namespace

void observe_memory_speed(const Host& host, const DetectOptions&, Sightings& seen) {
  // Guests are shown made-up modules, if any.
  if (seen.os.virtualization) return;
  from_udev(host.files, seen);
  if (!seen.memory.rate || !seen.memory.bus_bits) from_tables(host.files, seen);
  if (!seen.memory.rate) from_kfd(host.files, seen.memory);
  if (!seen.memory.type) from_edac(host.files, seen.memory);
}

}  // namespace hardscape
