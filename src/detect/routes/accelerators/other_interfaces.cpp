#include <fmt/format.h>

#include <algorithm>

#include "detect/pci_vendors.hpp"
#include "detect/routes/accelerators/interface_devices.hpp"
#include "detect/routes/accelerators/pci_function.hpp"
#include "detect/routes/accelerators/routes_of_accelerators.hpp"
#include "host/child_text.hpp"

namespace hardscape {
namespace {


// A card whose own memory nobody named, and that could be asked.
bool lacks_memory(const AcceleratorSighting& sighting) {
  const Accelerator& device = sighting.device;
  return device.kind == AcceleratorKind::gpu && device.memory.kind == MemoryKind::dedicated && !device.integrated &&
         !device.memory.total && !sighting.uses_system_memory && device.partitions.empty();
}

bool is_gpu(const AcceleratorSighting& sighting) { return sighting.device.kind == AcceleratorKind::gpu; }

bool is_question(const AcceleratorSighting& sighting) { return lacks_memory(sighting) && sighting.device.usable; }

bool any_question(const FileTree& files, const Sightings& seen) {
  if (std::any_of(seen.accelerators.begin(), seen.accelerators.end(), is_gpu))
    return std::any_of(seen.accelerators.begin(), seen.accelerators.end(), is_question);
  // WSL2 hides PCI, sandboxes hide sysfs: the device nodes are there all the same.
  if (files.exists("/dev/dxg")) return true;
  const auto nodes = files.list("/dev/dri");
  return std::any_of(nodes.begin(), nodes.end(), [&](const std::string& name) {
    return name.starts_with("renderD") && !files.exists("/sys/class/drm/" + name);
  });
}

void ask(const Host& host, const DetectOptions& options, Sightings& seen) {
  using Query = std::string (*)(const LibraryLoader&, const std::vector<std::string>&);
  struct Interface {
    Query query;
    std::vector<std::string> names;
  };
  const auto start = std::chrono::steady_clock::now();
  const auto allowed = options.library_limit - seen.library_time;
  for (const Interface& interface : {Interface{query_vulkan, vulkan_library_names()}, Interface{query_opencl, opencl_library_names()}}) {
    const auto left = allowed - std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    if (left <= std::chrono::milliseconds(0) || !any_question(host.files, seen)) return;
    // One that hangs or crashes only leaves the question open.
    if (const auto text = text_from_child(host, left, [&] { return interface.query(host.libraries, interface.names); }))
      apply_interface_devices(merged(parse_interface_report(*text)), seen);
  }
}

void note_unknown_memory(const FileTree& files, Sightings& seen) {
  for (const AcceleratorSighting& sighting : seen.accelerators) {
    const Accelerator& device = sighting.device;
    const bool only_driver_knows = device.pci && (device.pci->vendor_id == pci::k_nvidia || device.pci->vendor_id == pci::k_intel);
    if (!lacks_memory(sighting) || !only_driver_knows) continue;
    if (sighting.is_asleep && device.pci->vendor_id == pci::k_nvidia) continue;  // a note says that already
    // The window is a lower bound and not a size.
    std::optional<Bytes> at_least = sighting.memory_at_least;
    std::string_view how = "what OpenCL lets a program take";
    if (!at_least && !sighting.folder.empty()) {
      if (const auto text = files.read(sighting.folder + "/resource", 8192)) at_least = largest_memory_window(*text);
      how = "its PCI window";
    }
    seen.note(Severity::info, "memory-size-unknown",
              at_least ? fmt::format("{}: at least {:.0f} MiB of memory ({}); the size is only known to the driver.", device.name,
                                     static_cast<double>(at_least->value) / static_cast<double>(k_mib), how)
                       : device.name + ": its memory size is only known to the driver, which was not asked or did not say.",
              device.pci->vendor_id == pci::k_intel ? std::optional<std::string>("Run as a user who may open /dev/dri/renderD* (group render).")
                                              : std::nullopt);
  }
}

}  // namespace

void observe_other_interfaces(const Host& host, const DetectOptions& options, Sightings& seen) {
  // Their loaders start every driver there is, which wakes what sleeps.
  const bool any_asleep = std::any_of(seen.accelerators.begin(), seen.accelerators.end(), [](const AcceleratorSighting& s) { return s.is_asleep; });
  if (host.is_live && options.vendor_libraries && !any_asleep) ask(host, options, seen);
  note_unknown_memory(host.files, seen);
  const bool has_gpu = std::any_of(seen.accelerators.begin(), seen.accelerators.end(), is_gpu);
  if (!has_gpu && host.files.exists("/dev/dxg"))
    seen.note(Severity::info, "wsl-gpu-unnamed", "Windows passes a GPU on to this Linux (/dev/dxg), and no library here says which.",
              "Install the GPU vendor's Windows driver with WSL support; for AMD and Intel also Mesa's Vulkan drivers in this Linux.");
}

}  // namespace hardscape
