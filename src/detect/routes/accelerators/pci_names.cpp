#include "detect/routes/accelerators/pci_names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/routes/accelerators/known_devices.hpp"

namespace hardscape {
namespace {

// The product people know stands in brackets behind the chip's code name.
std::string product_name(std::string_view text) {
  text = trim(text);
  const auto open = text.rfind('[');
  if (open != std::string_view::npos && text.ends_with(']') && open + 1 < text.size() - 1)
    text = text.substr(open + 1, text.size() - open - 2);
  return printable(trim(text));
}

}  // namespace

std::string name_in_pci_ids(std::string_view text, std::uint16_t vendor_id, std::uint16_t device_id) {
  auto at = text.find(fmt::format("\n{:04x}  ", vendor_id));
  if (at == std::string_view::npos) return {};
  const std::string wanted = fmt::format("\t{:04x}  ", device_id);
  at = text.find('\n', at + 1);
  while (at != std::string_view::npos && at + 1 < text.size()) {
    const auto end = text.find('\n', at + 1);
    const std::string_view line = text.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
    if (line.starts_with(wanted)) return product_name(line.substr(wanted.size()));
    if (!line.empty() && line.front() != '\t' && line.front() != '#') return {};
    at = end;
  }
  return {};
}

std::vector<std::string> names_in_amdgpu_ids(std::string_view text, const PciAddress& pci) {
  std::vector<std::string> names;
  for (const std::string_view line : split_lines(text)) {
    if (line.starts_with('#')) continue;
    const auto fields = split(line, ',');
    if (fields.size() < 3) continue;
    if (parse_unsigned(trim(fields[0]), 16) != pci.device_id) continue;
    if (pci.revision && parse_unsigned(trim(fields[1]), 16) != *pci.revision) continue;
    const std::string name = printable(trim(fields[2]));
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::string name_of(const FileTree& host_files, const PciAddress& pci) {
  // A recording keeps the name, not the megabyte it came from.
  FileTree files = host_files;
  files.set_recorder(nullptr);
  const std::string vendor = vendor_name(pci.vendor_id);
  const auto full = [&](const std::string& name) {
    return starts_with_ignoring_case(name, vendor) || vendor.starts_with("vendor ") ? name : vendor + ' ' + name;
  };
  if (pci.vendor_id == 0x1002) {
    if (const auto text = files.read("/usr/share/libdrm/amdgpu.ids")) {
      const auto names = names_in_amdgpu_ids(*text, pci);
      std::string all;
      for (const std::string& name : names) all += (all.empty() ? "" : " / ") + full(name);
      if (!all.empty()) return all;
    }
  }
  for (const char* path : {"/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids"}) {
    const auto text = files.read(path);
    if (!text) continue;
    if (const std::string name = name_in_pci_ids(*text, pci.vendor_id, pci.device_id); !name.empty()) return full(name);
    break;
  }
  return fmt::format("{} device {:04x}:{:04x}", vendor, pci.vendor_id, pci.device_id);
}

}  // namespace hardscape
