#include "base/text.hpp"
#include "detect/parse/meminfo.hpp"
#include "detect/routes/cpu_files.hpp"
#include "detect/routes/routes_of_system.hpp"

namespace hardscape {
namespace {

CpuSet node_folders(const FileTree& files) {
  CpuSet found;
  for (const std::string& name : files.list(k_node_root)) {
    if (!name.starts_with("node")) continue;
    if (const auto number = parse_unsigned(std::string_view(name).substr(4)); number && *number < CpuSet::k_limit)
      found.add(static_cast<int>(*number));
  }
  return found;
}

bool overlap(const std::vector<NumaNodeSighting>& nodes) {
  CpuSet before;
  for (const NumaNodeSighting& node : nodes) {
    if (node.cpus.intersects(before)) return true;
    before |= node.cpus;
  }
  return false;
}

// Nodes that are really a GPU's memory: POWER9 with V100, Grace with Hopper or Blackwell.
void observe_device_nodes(const FileTree& files, Sightings& seen) {
  constexpr const char* k_gpus = "/proc/driver/nvidia/gpus";
  for (const std::string& address : files.list(k_gpus)) {
    const auto text = files.read(std::string(k_gpus) + '/' + address + "/numa_status", 4096);
    if (!text) continue;
    DeviceNodeSighting device;
    device.accelerator = address;
    bool online = false;
    for (const std::string_view line : split_lines(*text)) {
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      const std::string_view key = trim(line.substr(0, colon));
      const std::string_view value = trim(line.substr(colon + 1));
      if (key == "Node") device.node = static_cast<int>(parse_integer(value).value_or(-1));
      if (key == "Status") online = value == "online";
      if (const auto size = parse_unsigned(value, 16); key == "Size" && size && *size < (std::uint64_t{1} << 50))
        device.size = Bytes{static_cast<std::int64_t>(*size)};
    }
    if (online && device.node >= 0) seen.device_nodes.push_back(std::move(device));
  }
}

}  // namespace

void observe_numa(const Host& host, const DetectOptions&, Sightings& seen) {
  if (!seen.topology.nodes.empty()) return;
  CpuSet ids = node_folders(host.files);
  if (const auto text = host.files.read(std::string(k_node_root) + "/online", k_list_limit)) {
    if (const auto online = parse_cpu_list(*text); online && online->intersects(ids)) ids = ids & *online;
  }
  std::vector<NumaNodeSighting> nodes;
  ids.for_each([&](int id) {
    const std::string folder = std::string(k_node_root) + "/node" + std::to_string(id) + '/';
    NumaNodeSighting node;
    node.id = id;
    if (const auto cpus = read_cpu_set(host.files, folder + "cpumap")) node.cpus = *cpus & seen.topology.online;
    if (const auto text = host.files.read(folder + "meminfo", 4096)) node.memory = parse_meminfo(*text).total;
    nodes.push_back(std::move(node));
  });
  if (overlap(nodes)) {
    seen.note(Severity::warning, "numa-overlap",
              "The firmware's NUMA tables are broken: nodes claim the same processors. They are taken as one node.",
              "A firmware update may help; until then pinning memory to nodes has no meaning.");
    NumaNodeSighting one;
    one.cpus = seen.topology.online;
    nodes = {std::move(one)};
  }
  seen.topology.nodes = std::move(nodes);
  observe_device_nodes(host.files, seen);
}

}  // namespace hardscape
