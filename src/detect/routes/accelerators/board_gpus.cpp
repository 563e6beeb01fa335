#include <algorithm>

#include "base/text.hpp"
#include "detect/parse/key_values.hpp"
#include "detect/routes/accelerators/nvidia_driver.hpp"
#include "detect/routes/accelerators/routes_of_accelerators.hpp"

namespace hardscape {
namespace {

struct BoardGpu {
  std::string_view compatible;  // the start of the node's compatible name
  std::string_view vendor;
  std::string_view name;
  std::string_view why_not;     // empty: programs can use it
};

// Kernel bindings (Documentation/devicetree/bindings/gpu); what inference programs can do with each.
constexpr BoardGpu k_board_gpus[] = {
    {"brcm,bcm2835-v3d", "Broadcom", "Broadcom VideoCore IV", "It draws pictures; no inference program uses it."},
    {"brcm,2711-v3d", "Broadcom", "Broadcom VideoCore VI", "It draws pictures; no inference program uses it well."},
    {"brcm,2712-v3d", "Broadcom", "Broadcom VideoCore VII", "It draws pictures; no inference program uses it well."},
    {"arm,mali-valhall", "Arm", "Arm Mali (Valhall)", ""},
    {"rockchip,rk3588-mali", "Arm", "Arm Mali-G610", ""},
    {"arm,mali-bifrost", "Arm", "Arm Mali (Bifrost)", ""},
    {"arm,mali-t", "Arm", "Arm Mali (Midgard)", "It is too old for inference programs."},
    {"arm,mali-4", "Arm", "Arm Mali (Utgard)", "It is too old for inference programs."},
    {"qcom,adreno", "Qualcomm", "Qualcomm Adreno", ""},
    {"apple,agx", "Apple", "Apple GPU (Asahi)", ""},
    {"img,", "Imagination", "Imagination PowerVR", ""},
    {"vivante,gc", "Vivante", "Vivante GPU", "No inference program uses it as a GPU."},
};

struct AppleChip {
  std::string_view compatible;  // of the GPU's node
  std::string_view name;
};

// Kernel bindings (arm/apple.yaml, gpu/apple,agx.yaml): Macs that Asahi Linux runs on.
constexpr AppleChip k_apple_chips[] = {
    {"apple,agx-t8103", "Apple M1"},     {"apple,agx-t6000", "Apple M1 Pro"},   {"apple,agx-t6001", "Apple M1 Max"},
    {"apple,agx-t6002", "Apple M1 Ultra"}, {"apple,agx-t8112", "Apple M2"},     {"apple,agx-t6020", "Apple M2 Pro"},
    {"apple,agx-t6021", "Apple M2 Max"}, {"apple,agx-t6022", "Apple M2 Ultra"},
};

std::vector<std::string> compatible_names(const FileTree& files, const std::string& folder) {
  std::vector<std::string> names;
  if (const auto text = files.read(folder + "/of_node/compatible", 4096)) {
    for (const std::string_view name : split(*text, '\0')) {
      if (!trim(name).empty()) names.push_back(printable(trim(name)));
    }
  }
  if (names.empty()) {
    if (const auto text = files.read(folder + "/uevent", 4096)) {
      for (const auto& [key, value] : parse_key_values(*text)) {
        if (key.starts_with("OF_COMPATIBLE_") && key != "OF_COMPATIBLE_N") names.push_back(printable(value));
      }
    }
  }
  return names;
}

std::optional<std::string> driver_of(const FileTree& files, const std::string& folder) {
  if (auto name = files.link_name(folder + "/driver")) return name;
  const auto text = files.read(folder + "/uevent", 4096);
  if (!text) return std::nullopt;
  const auto values = parse_key_values(*text);
  const auto found = values.find("DRIVER");
  return found == values.end() ? std::nullopt : std::optional(printable(found->second));
}

void look_at_render_nodes(const FileTree& files, Sightings& seen) {
  for (const std::string& node : files.list("/sys/class/drm")) {
    if (!node.starts_with("renderD")) continue;
    const std::string folder = "/sys/class/drm/" + node + "/device";
    for (const std::string& name : compatible_names(files, folder)) {
      const auto row = std::find_if(std::begin(k_board_gpus), std::end(k_board_gpus),
                                    [&](const BoardGpu& gpu) { return name.starts_with(gpu.compatible); });
      if (row == std::end(k_board_gpus)) continue;
      AcceleratorSighting& sighting = seen.accelerator("platform:" + node);
      sighting.folder = folder;
      Accelerator& device = sighting.device;
      device.kind = AcceleratorKind::gpu;
      device.vendor = row->vendor;
      device.name = row->name;
      device.integrated = true;
      device.memory.kind = row->vendor == "Apple" ? MemoryKind::unified : MemoryKind::shared;
      for (const AppleChip& chip : k_apple_chips) {
        if (name == chip.compatible) device.name = std::string(chip.name) + " (Asahi)";
      }
      // Linux sets no limit of its own there, as macOS does.
      if (row->vendor == "Apple") sighting.uses_system_memory = true;
      device.driver = driver_of(files, folder);
      device.usable = row->why_not.empty();
      if (!device.usable) device.why_not = row->why_not;
      break;
    }
  }
}

// NVIDIA's Tegra has its GPU on the chip, outside PCI; before JetPack 6 there is no NVML either.
void look_for_tegra(const Host& host, Sightings& seen) {
  std::string capability;
  for (const std::string& name : seen.device_tree_compatible) {
    if (capability.empty()) capability = tegra_compute_capability(name);
  }
  if (capability.empty()) return;
  const auto same = std::find_if(seen.accelerators.begin(), seen.accelerators.end(), [](const AcceleratorSighting& sighting) {
    return sighting.device.vendor == "NVIDIA" && sighting.uses_system_memory;
  });
  const bool is_known = same != seen.accelerators.end();
  AcceleratorSighting& sighting = is_known ? *same : seen.accelerator("platform:tegra-gpu");
  Accelerator& device = sighting.device;
  device.kind = AcceleratorKind::gpu;
  device.vendor = "NVIDIA";
  if (device.name.empty()) device.name = seen.board && contains_ignoring_case(*seen.board, "jetson") ? *seen.board + " GPU" : "NVIDIA Tegra GPU";
  device.integrated = true;
  device.memory.kind = MemoryKind::unified;
  if (!device.compute_capability) device.compute_capability = capability;
  sighting.uses_system_memory = true;
  if (is_known) return;
  const bool has_node = host.files.exists("/dev/nvhost-gpu") || host.files.exists("/dev/nvgpu") || host.files.exists("/dev/nvmap");
  device.driver = "nvgpu";
  device.usable = has_node || !host.is_live;
  if (!device.usable) device.why_not = "NVIDIA's device files (/dev/nvhost-gpu) are missing; install JetPack's driver or pass them to the container.";
}

}  // namespace

void observe_board_gpus(const Host& host, const DetectOptions&, Sightings& seen) {
  // All of these boards describe themselves by a device tree; other machines have nothing to look for here.
  if (seen.device_tree_compatible.empty()) return;
  look_at_render_nodes(host.files, seen);
  look_for_tegra(host, seen);
}

}  // namespace hardscape
