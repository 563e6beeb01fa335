#include "detect/routes/accelerators/known_devices.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "base/embedded.hpp"
#include "base/text.hpp"

namespace hardscape {
namespace {

using Rows = nlohmann::json;

// Our own files; their form is checked by the tests alone.
Rows embedded_table(std::string_view name) {
  for (std::size_t i = 0; i < k_data_files_count; ++i) {
    if (k_data_files[i].name == name) return Rows::parse(k_data_files[i].text(), nullptr, false);
  }
  return Rows::object();
}

const Rows& pci_table() {
  static const Rows table = embedded_table("detection/pci_accelerators.json");
  return table;
}

const Rows& amd_table() {
  static const Rows table = embedded_table("detection/amd_gpus.json");
  return table;
}

const Rows& rows_of(const Rows& table, const char* key) {
  static const Rows none = Rows::array();
  const auto found = table.find(key);
  return found == table.end() ? none : *found;
}

std::optional<std::uint64_t> id_of(const Rows& row, const char* key) {
  const auto found = row.find(key);
  if (found == row.end()) return std::nullopt;
  return parse_unsigned(std::string_view(found->get_ref<const std::string&>()).substr(2), 16);
}

bool is_within(const Rows& row, std::uint16_t device_id) {
  return id_of(row, "first") <= device_id && device_id <= id_of(row, "last");
}

}  // namespace

std::optional<KnownAccelerator> known_accelerator(const PciAddress& pci) {
  const Rows* best = nullptr;
  for (const Rows& row : rows_of(pci_table(), "devices")) {
    if (id_of(row, "vendor") != pci.vendor_id || id_of(row, "device") != pci.device_id) continue;
    const auto revision = id_of(row, "revision");
    if (!revision) {
      if (best == nullptr) best = &row;
    } else if (pci.revision && *revision == *pci.revision) {
      best = &row;
      break;
    }
  }
  if (best == nullptr) return std::nullopt;
  KnownAccelerator known;
  known.kind = accelerator_kind_from(best->value("kind", "npu")).value_or(AcceleratorKind::npu);
  known.name = best->value("name", "");
  known.driver = best->value("driver", "");
  known.device_node = best->value("node", "");
  known.is_unverified = best->value("confidence", "") == "unverified";
  return known;
}

std::string vendor_name(std::uint16_t vendor_id) {
  for (const Rows& row : rows_of(pci_table(), "vendors")) {
    if (id_of(row, "id") == vendor_id) return row.value("name", "");
  }
  return fmt::format("vendor {:#06x}", vendor_id);
}

bool makes_gpus(std::uint16_t vendor_id) {
  for (const Rows& id : rows_of(pci_table(), "gpu_vendors")) {
    if (parse_unsigned(std::string_view(id.get_ref<const std::string&>()).substr(2), 16) == vendor_id) return true;
  }
  return false;
}

std::optional<std::string> display_without_compute(const PciAddress& pci) {
  for (const Rows& row : rows_of(pci_table(), "displays_without_compute")) {
    if (id_of(row, "vendor") != pci.vendor_id) continue;
    if (const auto device = id_of(row, "device"); !device || *device == pci.device_id) return row.value("what", "");
  }
  return std::nullopt;
}

std::optional<std::string> not_for_models(const PciAddress& pci) {
  for (const Rows& row : rows_of(pci_table(), "not_for_models")) {
    if (id_of(row, "vendor") == pci.vendor_id && is_within(row, pci.device_id)) return row.value("what", "");
  }
  return std::nullopt;
}

std::optional<MemoryClocking> amd_memory_clocking(std::string_view gfx_target) {
  for (const Rows& row : rows_of(amd_table(), "transfers_per_clock")) {
    if (row.value("gfx", "") == gfx_target) return MemoryClocking{row.value("memory", ""), row.value("transfers", 0)};
  }
  return std::nullopt;
}

std::optional<std::string> amd_target_of(std::string_view node_name, std::uint16_t device_id) {
  for (const Rows& row : rows_of(amd_table(), "node_names")) {
    if (row.value("name", "") == node_name) return row.value("gfx", "");
  }
  for (const Rows& row : rows_of(amd_table(), "device_targets")) {
    if (is_within(row, device_id)) return row.value("gfx", "");
  }
  return std::nullopt;
}

std::optional<std::string> amd_without_compute(std::uint16_t device_id) {
  for (const Rows& row : rows_of(amd_table(), "without_compute")) {
    if (is_within(row, device_id)) return row.value("what", "");
  }
  return std::nullopt;
}

}  // namespace hardscape
