#include "detect/routes/accelerators/windows_adapters.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/routes/accelerators/known_devices.hpp"

namespace hardscape {

bool is_saturated(std::uint64_t bytes) {
  return bytes == 0xffffffffULL || bytes == 0xfff00000ULL;
}

std::vector<WindowsAdapter> parse_adapter_sizes(std::string_view text) {
  std::vector<WindowsAdapter> adapters;
  for (const std::string_view line : split_lines(text)) {
    const auto bar = line.rfind('|');
    if (bar == std::string_view::npos) continue;
    const std::string name = printable(trim(line.substr(0, bar)));
    const auto bytes = parse_unsigned(trim(line.substr(bar + 1)));
    if (name.empty() || !bytes || *bytes == 0 || *bytes > (std::uint64_t{1} << 50)) continue;
    WindowsAdapter adapter;
    adapter.name = name;
    if (!is_saturated(*bytes)) adapter.dedicated = Bytes{static_cast<std::int64_t>(*bytes)};
    adapters.push_back(std::move(adapter));
  }
  return adapters;
}

std::vector<WindowsAdapter> merge_adapters(std::vector<WindowsAdapter> adapters, const std::vector<WindowsAdapter>& registry) {
  std::vector<WindowsAdapter> merged;
  std::vector<bool> taken(registry.size(), false);
  for (WindowsAdapter& adapter : adapters) {
    if (adapter.is_software) continue;
    const bool repeated = adapter.luid != 0 && std::any_of(merged.begin(), merged.end(), [&](const WindowsAdapter& other) {
                            return other.luid == adapter.luid;
                          });
    if (repeated) continue;
    for (std::size_t i = 0; i < registry.size(); ++i) {
      if (taken[i] || !equal_ignoring_case(registry[i].name, adapter.name)) continue;
      taken[i] = true;
      if (!adapter.dedicated) adapter.dedicated = registry[i].dedicated;
      break;
    }
    merged.push_back(std::move(adapter));
  }
  return merged;
}

void add_windows_adapters(const std::vector<WindowsAdapter>& adapters, Sightings& seen) {
  std::vector<std::string> seen_vendors;
  for (const AcceleratorSighting& known : seen.accelerators)
    if (known.device.kind == AcceleratorKind::gpu) seen_vendors.push_back(known.device.vendor);
  std::size_t index = 0;
  for (const WindowsAdapter& adapter : adapters) {
    const std::string vendor = adapter.vendor_id != 0 ? vendor_name(adapter.vendor_id) : "";
    if (!vendor.empty() && std::find(seen_vendors.begin(), seen_vendors.end(), vendor) != seen_vendors.end()) continue;
    AcceleratorSighting& sighting = seen.accelerator(fmt::format("adapter:{}", index++));
    Accelerator& device = sighting.device;
    device.kind = AcceleratorKind::gpu;
    device.vendor = vendor;
    device.name = adapter.name;
    device.usable = true;
    if (adapter.is_unified) {
      device.integrated = true;
      device.memory.kind = MemoryKind::shared;
      sighting.carve_out = adapter.dedicated;
      sighting.mappable = adapter.shared;
      sighting.mappable_source = "DXGI SharedSystemMemory";
      continue;
    }
    if (adapter.dedicated)
      learn(device.memory.total, Fact<Bytes>{*adapter.dedicated, Source{Origin::reported, "DXGI or registry qwMemorySize", "", Confidence::unstated}});
    device.memory.free = adapter.free;
  }
}

}  // namespace hardscape
