#include "detect/routes/accelerators/known_devices.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "detect/embedded_table.hpp"

namespace hardscape {
namespace {

const JsonDocument& pci_table() {
  static const auto table = JsonDocument::embedded("detection/pci_accelerators.json");
  return table;
}

const JsonDocument& amd_table() {
  static const auto table = JsonDocument::embedded("detection/amd_gpus.json");
  return table;
}

bool is_within(const JsonValue& row, std::uint16_t device_id) {
  return id_of(row, "first") <= device_id && device_id <= id_of(row, "last");
}

}  // namespace

std::optional<KnownAccelerator> known_accelerator(const PciAddress& pci) {
  std::optional<JsonValue> best;
  for (const JsonValue& row : rows_of(pci_table().root(), "devices")) {
    if (id_of(row, "vendor") != pci.vendor_id || id_of(row, "device") != pci.device_id) continue;
    const auto revision = id_of(row, "revision");
    if (!revision) {
      if (!best) best = row;
    } else if (pci.revision && *revision == *pci.revision) {
      best = row;
      break;
    }
  }
  if (!best) return std::nullopt;
  KnownAccelerator known;
  known.kind = accelerator_kind_from(text_of(*best, "kind")).value_or(AcceleratorKind::npu);
  known.name = text_of(*best, "name");
  known.driver = text_of(*best, "driver");
  known.device_node = text_of(*best, "node");
  known.is_unverified = text_of(*best, "confidence") == "unverified";
  return known;
}

std::string vendor_name(std::uint16_t vendor_id) {
  for (const JsonValue& row : rows_of(pci_table().root(), "vendors")) {
    if (id_of(row, "id") == vendor_id) return text_of(row, "name");
  }
  return fmt::format("vendor {:#06x}", vendor_id);
}

bool makes_gpus(std::uint16_t vendor_id) {
  const auto ids = rows_of(pci_table().root(), "gpu_vendors");
  return std::any_of(ids.begin(), ids.end(), [&](const JsonValue& id) { return hex_of(id.text()) == vendor_id; });
}

std::optional<std::string> display_without_compute(const PciAddress& pci) {
  for (const JsonValue& row : rows_of(pci_table().root(), "displays_without_compute")) {
    if (id_of(row, "vendor") != pci.vendor_id) continue;
    if (const auto device = id_of(row, "device"); !device || *device == pci.device_id) return text_of(row, "what");
  }
  return std::nullopt;
}

std::optional<std::string> not_for_models(const PciAddress& pci) {
  for (const JsonValue& row : rows_of(pci_table().root(), "not_for_models")) {
    if (id_of(row, "vendor") == pci.vendor_id && is_within(row, pci.device_id)) return text_of(row, "what");
  }
  return std::nullopt;
}

std::optional<MemoryClocking> amd_memory_clocking(std::string_view gfx_target) {
  for (const JsonValue& row : rows_of(amd_table().root(), "transfers_per_clock")) {
    if (text_of(row, "gfx") == gfx_target) {
      const auto transfers = row.find("transfers");
      return MemoryClocking{text_of(row, "memory"), transfers ? static_cast<int>(transfers->integer().value_or(0)) : 0};
    }
  }
  return std::nullopt;
}

std::optional<std::string> amd_target_of(std::string_view node_name, std::uint16_t device_id) {
  for (const JsonValue& row : rows_of(amd_table().root(), "node_names")) {
    if (text_of(row, "name") == node_name) return text_of(row, "gfx");
  }
  for (const JsonValue& row : rows_of(amd_table().root(), "device_targets")) {
    if (is_within(row, device_id)) return text_of(row, "gfx");
  }
  return std::nullopt;
}

std::optional<std::string> amd_without_compute(std::uint16_t device_id) {
  for (const JsonValue& row : rows_of(amd_table().root(), "without_compute")) {
    if (is_within(row, device_id)) return text_of(row, "what");
  }
  return std::nullopt;
}

}  // namespace hardscape
