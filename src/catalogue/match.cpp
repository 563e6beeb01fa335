#include "catalogue/match.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace hardscape {
namespace {

using Devices = std::vector<const Device*>;

template <class Keep>
Devices kept(const Devices& devices, Keep keep) {
  Devices out;
  for (const auto* device : devices)
    if (keep(*device)) out.push_back(device);
  return out;
}

// The narrower list where there is one.
template <class Keep>
void narrow(Devices& devices, Keep keep) {
  if (devices.size() < 2) return;
  if (auto fewer = kept(devices, keep); !fewer.empty()) devices = std::move(fewer);
}

// What a driver reports is up to an eighth below the size on the box (ECC, reservations), hardly ever above.
bool same_size(double reported, double nominal) { return reported > 0.86 * nominal && reported < 1.02 * nominal; }

bool has_memory(const Device& device, Bytes reported) {
  const double shares = device.software_devices ? static_cast<double>(*device.software_devices) : 1;
  const double bytes = static_cast<double>(reported.value);
  return std::any_of(device.memory_options.begin(), device.memory_options.end(), [&](const Fact<Bytes>& option) {
    const double nominal = static_cast<double>(option.value.value);
    return same_size(bytes, nominal) || same_size(bytes, nominal / shares);
  });
}

bool right_kind(const Device& device, AcceleratorKind kind) {
  const bool npu = device.device_class == "npu" || device.device_class == "edge-accelerator";
  if (device.device_class == "cpu") return false;
  return kind == AcceleratorKind::gpu ? !npu : true;
}

Devices with_variants(Devices devices, const Catalogue& catalogue) {
  const auto named = devices;
  for (const auto& device : catalogue.devices()) {
    if (!device.variant_of) continue;
    const bool of_these = std::any_of(named.begin(), named.end(), [&](const Device* d) { return d->id == *device.variant_of; });
    if (of_these && std::find(devices.begin(), devices.end(), &device) == devices.end()) devices.push_back(&device);
  }
  return devices;
}

Devices by_name(const Accelerator& accelerator, const Machine& machine, const Catalogue& catalogue) {
  auto named = catalogue.look_up(accelerator.name).matches;
  // "Orin (nvgpu)", "Thor": the part's own name says less than the board's.
  if (named.empty() && accelerator.integrated && machine.board) named = catalogue.look_up(*machine.board).matches;
  return named;
}

}  // namespace

std::vector<const Device*> devices_of(const Accelerator& accelerator, const Machine& machine, const Catalogue& catalogue) {
  const auto of_kind = [&](const Device& d) { return right_kind(d, accelerator.kind); };
  const auto named = kept(by_name(accelerator, machine, catalogue), of_kind);
  const auto by_id = accelerator.pci ? kept(catalogue.by_pci(*accelerator.pci), of_kind) : Devices{};
  const auto wide = with_variants(named, catalogue);
  auto devices = kept(by_id, [&](const Device& d) { return std::find(wide.begin(), wide.end(), &d) != wide.end(); });
  if (devices.empty()) devices = named.empty() ? by_id : wide;
  const bool by_name_only = !named.empty() && devices == wide;

  const bool own_memory = accelerator.memory.kind == MemoryKind::dedicated;
  if (own_memory && accelerator.memory.total)
    narrow(devices, [&](const Device& d) { return has_memory(d, accelerator.memory.total->value); });
  if (!own_memory) narrow(devices, [&](const Device& d) { return has_memory(d, machine.memory.total); });
  if (accelerator.compute_units)
    narrow(devices, [&](const Device& d) { return d.compute_units && *d.compute_units == *accelerator.compute_units; });
  // Without more to go by, a name means the device so named and not its variants.
  if (by_name_only) narrow(devices, [&](const Device& d) { return std::find(named.begin(), named.end(), &d) != named.end(); });
  return devices;
}

bool fits_pattern(std::string_view text, std::string_view pattern) {
  const std::string lowered_text = to_lower(text);
  const std::string lowered = to_lower(pattern);
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t star = std::string::npos;
  std::size_t resume = 0;
  while (t < lowered_text.size()) {
    if (p < lowered.size() && (lowered[p] == '?' || lowered[p] == lowered_text[t]) && lowered[p] != '*') {
      ++t;
      ++p;
    } else if (p < lowered.size() && lowered[p] == '*') {
      star = p++;
      resume = t;
    } else if (star != std::string::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < lowered.size() && lowered[p] == '*') ++p;
  return p == lowered.size();
}

const Device* device_of(const Processor& processor, const Catalogue& catalogue) {
  const Device* found = nullptr;
  for (const auto& device : catalogue.devices()) {
    const bool fits = std::any_of(device.processors.begin(), device.processors.end(),
                                  [&](const std::string& pattern) { return fits_pattern(processor.name, pattern); });
    if (!fits) continue;
    if (found != nullptr) return nullptr;
    found = &device;
  }
  return found;
}

bool takes_memory(const Device& device, Bytes memory) {
  const auto& options = device.memory_options;
  if (std::any_of(options.begin(), options.end(), [&](const Fact<Bytes>& option) { return option.value == memory; })) return true;
  const bool any_size = device.device_class == "laptop-soc" || device.device_class == "mobile-soc" || device.device_class == "cpu";
  return any_size && memory.value > 0 && (options.empty() || memory.value <= options.back().value.value);
}

double share_of(const Device& device, const Accelerator& accelerator) {
  if (!device.software_devices || *device.software_devices < 2) return 1;
  const double shares = static_cast<double>(*device.software_devices);
  if (!accelerator.memory.total || device.memory_options.empty()) return 1 / shares;
  const double whole = static_cast<double>(device.memory_options.back().value.value);
  return same_size(static_cast<double>(accelerator.memory.total->value.value), whole / shares) ? 1 / shares : 1;
}

}  // namespace hardscape
