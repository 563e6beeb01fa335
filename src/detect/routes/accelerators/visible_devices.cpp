#include "detect/routes/accelerators/visible_devices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "detect/routes/accelerators/routes_of_accelerators.hpp"

namespace hardscape {
namespace {

struct Variable {
  std::string_view name;
  std::uint16_t vendor_id;
};

// Read by the runtimes themselves; the last two count devices in an order of their own and are only told.
constexpr Variable k_variables[] = {
    {"CUDA_VISIBLE_DEVICES", 0x10de}, {"ROCR_VISIBLE_DEVICES", 0x1002}, {"HIP_VISIBLE_DEVICES", 0x1002},
    {"GPU_DEVICE_ORDINAL", 0x1002},
};
constexpr std::string_view k_told[] = {"ZE_AFFINITY_MASK", "ONEAPI_DEVICE_SELECTOR", "HSA_OVERRIDE_GFX_VERSION_0"};

bool all_alike(const std::vector<AcceleratorSighting*>& devices) {
  return std::all_of(devices.begin(), devices.end(), [&](const auto* d) { return d->device.name == devices.front()->device.name; });
}

void apply(const Host& host, const Variable& variable, Sightings& seen) {
  const auto value = host.environment(variable.name);
  if (!value) return;
  std::vector<AcceleratorSighting*> devices;
  std::vector<std::string> identifiers;
  for (AcceleratorSighting& sighting : seen.accelerators) {
    const Accelerator& device = sighting.device;
    if (device.kind == AcceleratorKind::gpu && device.pci && device.pci->vendor_id == variable.vendor_id) devices.push_back(&sighting);
  }
  if (devices.empty()) return;
  std::sort(devices.begin(), devices.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
  identifiers.reserve(devices.size());
  for (const auto* sighting : devices) identifiers.push_back(sighting->uuid);
  const std::string setting = fmt::format("{}={}", variable.name, printable(*value));
  const auto visible = visible_devices(*value, identifiers);
  const bool all_hidden = visible && std::none_of(visible->begin(), visible->end(), [](bool b) { return b; });
  const bool by_number = value->find("GPU-") == std::string::npos;
  // CUDA numbers the fastest first unless told otherwise, and which that is is its own secret.
  const bool order_is_known = all_hidden || !by_number || all_alike(devices) || variable.vendor_id != 0x10de ||
                              host.environment("CUDA_DEVICE_ORDER").value_or("") == "PCI_BUS_ID";
  if (!visible || !order_is_known) {
    seen.note(Severity::info, "visible-devices", setting + " limits which GPUs programs started here can use.");
    return;
  }
  std::size_t hidden = 0;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    if ((*visible)[i]) continue;
    ++hidden;
    devices[i]->device.usable = false;
    devices[i]->device.why_not = "Hidden by " + setting + ".";
  }
  if (hidden > 0) {
    seen.note(Severity::warning, "visible-devices", fmt::format("{} hides {} of {} GPUs from programs started here.", setting, hidden, devices.size()),
              fmt::format("Unset {} to use all of them.", variable.name));
  }
}

}  // namespace

std::optional<std::vector<bool>> visible_devices(std::string_view value, const std::vector<std::string>& identifiers) {
  std::vector<bool> visible(identifiers.size(), false);
  const std::string_view whole = trim(value);
  if (whole.empty() || equal_ignoring_case(whole, "none") || equal_ignoring_case(whole, "void") || equal_ignoring_case(whole, "NoDevFiles")) return visible;
  if (equal_ignoring_case(whole, "all")) return std::vector<bool>(identifiers.size(), true);
  for (const std::string_view part : split(whole, ',')) {
    const std::string_view word = trim(part);
    if (word.starts_with("MIG-")) return std::nullopt;
    if (const auto index = parse_integer(word)) {
      if (*index < 0 || static_cast<std::uint64_t>(*index) >= identifiers.size()) break;
      visible[static_cast<std::size_t>(*index)] = true;
      continue;
    }
    const auto found = std::find_if(identifiers.begin(), identifiers.end(),
                                    [&](const std::string& id) { return !id.empty() && !word.empty() && starts_with_ignoring_case(id, word); });
    if (found == identifiers.end()) {
      // Without identifiers there is nothing to compare with.
      if (std::all_of(identifiers.begin(), identifiers.end(), [](const std::string& id) { return id.empty(); })) return std::nullopt;
      break;
    }
    visible[static_cast<std::size_t>(found - identifiers.begin())] = true;
  }
  return visible;
}

void observe_visible_devices(const Host& host, const DetectOptions&, Sightings& seen) {
  if (seen.accelerators.empty()) return;
  for (const Variable& variable : k_variables) apply(host, variable, seen);
  for (const std::string_view name : k_told) {
    if (const auto value = host.environment(name))
      seen.note(Severity::info, "visible-devices", fmt::format("{}={} changes what programs started here see.", name, printable(*value)));
  }
}

}  // namespace hardscape
