#include "detect/routes/accelerators/pci_function.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "detect/parse/key_values.hpp"

namespace hardscape {
namespace {

std::optional<std::uint64_t> hex(std::string_view text) {
  text = trim(text);
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  return text.size() > 16 ? std::nullopt : parse_unsigned(text, 16);
}

template <class T>
std::optional<T> hex_file(const FileTree& files, const std::string& path, std::uint64_t most) {
  const auto text = files.read_line(path);
  if (!text) return std::nullopt;
  const auto value = hex(*text);
  if (!value || *value > most) return std::nullopt;
  return static_cast<T>(*value);
}

// "1002:7550" in two numbers.
std::optional<std::pair<std::uint16_t, std::uint16_t>> id_pair(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 2) return std::nullopt;
  const auto vendor = hex(parts[0]);
  const auto device = hex(parts[1]);
  if (!vendor || !device || *vendor > 0xffff || *device > 0xffff) return std::nullopt;
  return std::pair{static_cast<std::uint16_t>(*vendor), static_cast<std::uint16_t>(*device)};
}

bool all_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

}  // namespace

bool is_pci_address(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 3) return false;
  const auto& last = parts[2];
  return parts[0].size() >= 4 && parts[0].size() <= 8 && all_hex(parts[0]) && parts[1].size() == 2 && all_hex(parts[1]) &&
         last.size() == 4 && all_hex(last.substr(0, 2)) && last[2] == '.' && last[3] >= '0' && last[3] <= '7';
}

std::optional<PciFunction> read_pci_function(const FileTree& files, const std::string& folder, std::string_view address) {
  PciFunction function;
  function.folder = folder;
  function.pci.address = address;
  auto vendor = hex_file<std::uint16_t>(files, folder + "/vendor", 0xffff);
  auto device = hex_file<std::uint16_t>(files, folder + "/device", 0xffff);
  auto class_code = hex_file<std::uint32_t>(files, folder + "/class", 0xffffff);
  function.pci.revision = hex_file<std::uint8_t>(files, folder + "/revision", 0xff);
  function.pci.subsystem_vendor_id = hex_file<std::uint16_t>(files, folder + "/subsystem_vendor", 0xffff);
  function.pci.subsystem_device_id = hex_file<std::uint16_t>(files, folder + "/subsystem_device", 0xffff);
  function.driver = files.link_name(folder + "/driver");

  // Sandboxes and snapshots often hold uevent alone.
  const bool is_complete = vendor && device && class_code && !address.empty() && function.driver;
  if (!is_complete) {
    if (const auto text = files.read(folder + "/uevent", 4096)) {
      const auto values = parse_key_values(*text);
      const auto value = [&](std::string_view key) {
        const auto found = values.find(key);
        return found == values.end() ? std::string() : found->second;
      };
      if (const auto ids = id_pair(value("PCI_ID"))) {
        if (!vendor) vendor = ids->first;
        if (!device) device = ids->second;
      }
      if (const auto ids = id_pair(value("PCI_SUBSYS_ID")); ids && !function.pci.subsystem_vendor_id) {
        function.pci.subsystem_vendor_id = ids->first;
        function.pci.subsystem_device_id = ids->second;
      }
      if (!class_code) {
        if (const auto code = hex(value("PCI_CLASS")); code && *code <= 0xffffff)
          class_code = static_cast<std::uint32_t>(*code);
      }
      if (address.empty()) function.pci.address = to_lower(value("PCI_SLOT_NAME"));
      if (!function.driver && !value("DRIVER").empty()) function.driver = printable(value("DRIVER"));
    }
  }
  if (!vendor || !device || !is_pci_address(function.pci.address)) return std::nullopt;
  function.pci.vendor_id = *vendor;
  function.pci.device_id = *device;
  function.class_code = class_code.value_or(0);
  if (const auto node = files.read_number(folder + "/numa_node"); node && *node >= 0 && *node < 4096)
    function.numa_node = static_cast<int>(*node);
  function.is_asleep = files.read_line(folder + "/power/runtime_status") == "suspended" ||
                       files.read_line(folder + "/power_state") == "D3cold";
  return function;
}

std::optional<Bytes> largest_memory_window(std::string_view resource_text) {
  // linux/ioport.h: IORESOURCE_MEM, IORESOURCE_PREFETCH, IORESOURCE_MEM_64.
  constexpr std::uint64_t k_wanted = 0x200 | 0x2000 | 0x100000;
  std::uint64_t largest = 0;
  std::size_t lines = 0;
  for (const std::string_view line : split_lines(resource_text)) {
    if (++lines > 6) break;  // the rest are the ROM and bridge windows
    const auto words = split_words(line);
    if (words.size() != 3) continue;
    const auto first = hex(words[0]);
    const auto last = hex(words[1]);
    const auto flags = hex(words[2]);
    if (!first || !last || !flags || (*flags & k_wanted) != k_wanted || *last <= *first) continue;
    largest = std::max(largest, *last - *first + 1);
  }
  if (largest == 0 || largest > (std::uint64_t{1} << 50)) return std::nullopt;
  return Bytes{static_cast<std::int64_t>(largest)};
}

}  // namespace hardscape
