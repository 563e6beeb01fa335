#include "detect/parse/smbios.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "detect/parse/key_values.hpp"

namespace hardscape {
namespace {

constexpr std::size_t k_most_memory_devices = 1024;
constexpr std::size_t k_structure_header = 4;
constexpr unsigned k_memory_device = 17;
constexpr unsigned k_end_of_table = 127;

struct Structure {
  std::string_view formatted;             // with its header
  std::string_view all;                   // and its strings
  std::vector<std::string_view> strings;  // numbered from 1

  unsigned byte(std::size_t offset) const {
    return offset < formatted.size() ? static_cast<unsigned char>(formatted[offset]) : 0U;
  }
  unsigned word(std::size_t offset) const { return byte(offset) | byte(offset + 1) << 8U; }
  std::uint64_t dword(std::size_t offset) const { return word(offset) | std::uint64_t{word(offset + 2)} << 16U; }
  bool has(std::size_t offset, std::size_t size) const { return offset + size <= formatted.size(); }
  std::string string(std::size_t offset) const {
    const unsigned number = byte(offset);
    return number == 0 || number > strings.size() ? std::string() : printable(trim(strings[number - 1]));
  }
};

// The structure at the front of `table`; nothing when it is cut off.
std::optional<Structure> next_structure(std::string_view table) {
  if (table.size() < k_structure_header) return std::nullopt;
  const std::size_t length = static_cast<unsigned char>(table[1]);
  if (length < k_structure_header || length > table.size()) return std::nullopt;
  Structure structure;
  structure.formatted = table.substr(0, length);
  std::size_t at = length;
  while (at < table.size() && table[at] != '\0') {
    const std::size_t end = table.find('\0', at);
    if (end == std::string_view::npos) return std::nullopt;
    structure.strings.push_back(table.substr(at, end - at));
    at = end + 1;
  }
  // Two NULs close the set; without strings both are there, with strings the last one's own and one more.
  at = std::min(table.size(), structure.strings.empty() ? at + 2 : at + 1);
  structure.all = table.substr(0, at);
  return structure;
}

// DSP0134 7.18.2.
std::string type_name(unsigned code) {
  switch (code) {
    case 0x12: return "DDR";
    case 0x13: return "DDR2";
    case 0x18: return "DDR3";
    case 0x1a: return "DDR4";
    case 0x1b: return "LPDDR";
    case 0x1c: return "LPDDR2";
    case 0x1d: return "LPDDR3";
    case 0x1e: return "LPDDR4";
    case 0x20: return "HBM";
    case 0x21: return "HBM2";
    case 0x22: return "DDR5";
    case 0x23: return "LPDDR5";
    case 0x24: return "HBM3";
    default: return {};
  }
}

std::optional<TransfersPerSecond> rate_of(std::uint64_t megatransfers) {
  if (megatransfers == 0 || megatransfers > 100000) return std::nullopt;
  return TransfersPerSecond{static_cast<double>(megatransfers) * 1e6};
}

std::optional<MemoryDevice> memory_device(const Structure& s) {
  if (!s.has(0x0c, 2)) return std::nullopt;
  const unsigned size = s.word(0x0c);
  MemoryDevice device;
  device.is_empty = size == 0;
  if (size == 0x7fff && s.has(0x1c, 4)) {
    device.size = Bytes{static_cast<std::int64_t>(s.dword(0x1c) & 0x7fffffff) * k_mib};
  } else if (size != 0xffff && size != 0x7fff) {
    device.size = Bytes{static_cast<std::int64_t>(size & 0x7fffU) * ((size & 0x8000U) != 0 ? k_kib : k_mib)};
  }
  const unsigned width = s.word(0x0a);
  if (width > 0 && width <= 8192) device.data_width_bits = static_cast<int>(width);
  device.type = type_name(s.byte(0x12));
  device.locator = s.string(0x10);
  device.bank = s.string(0x11);
  const auto speed = [&](std::size_t offset, std::size_t extended) {
    if (!s.has(offset, 2)) return std::optional<TransfersPerSecond>();
    const unsigned value = s.word(offset);
    if (value == 0xffff) return s.has(extended, 4) ? rate_of(s.dword(extended) & 0x7fffffff) : std::nullopt;
    return rate_of(value);
  };
  device.rate = speed(0x20, 0x58);
  if (!device.rate) device.rate = speed(0x15, 0x54);
  return device;
}

// "cpu1", "p0", "node2": the processor that a slot's name begins with; empty when it names none.
std::string processor_of(const MemoryDevice& device) {
  for (const std::string* text : {&device.locator, &device.bank}) {
    const std::string lower = to_lower(*text);
    for (const std::string_view word : {"processor", "proc", "cpu", "node", "p"}) {
      const std::size_t at = word == "p" ? (lower.starts_with('p') ? 0 : std::string::npos) : lower.find(word);
      if (at == std::string::npos) continue;
      std::size_t end = at + word.size();
      while (end < lower.size() && (lower[end] == ' ' || lower[end] == '_')) ++end;
      if (end < lower.size() && is_digit(lower[end])) return lower.substr(end, 1);
    }
  }
  return {};
}

// "Controller0-ChannelA-DIMM0", "P0 CHANNEL A": up to the channel's own name. Empty when the word is not there.
std::string named_channel(const MemoryDevice& device) {
  for (const std::string* text : {&device.bank, &device.locator}) {
    const std::string lower = to_lower(*text);
    const auto at = lower.find("channel");
    if (at == std::string::npos) continue;
    std::size_t end = at + 7;
    while (end < lower.size() && (lower[end] == ' ' || lower[end] == '_' || lower[end] == '-')) ++end;
    std::size_t stop = end;
    while (stop < lower.size() && std::isalnum(static_cast<unsigned char>(lower[stop])) != 0) ++stop;
    if (stop > end) return lower.substr(0, stop);
  }
  return {};
}

// "DIMM_A1", "CPU1_DIMM_C2": what stands before the slot's number. Empty when there is no letter after "dimm".
struct LetteredSlot {
  std::string group;
  int number = 0;
};
LetteredSlot lettered_slot(const MemoryDevice& device) {
  const std::string lower = to_lower(device.locator);
  const auto at = lower.find("dimm");
  if (at == std::string::npos) return {};
  std::size_t end = lower.size();
  while (end > at + 4 && is_digit(lower[end - 1])) --end;
  const bool has_letter = std::any_of(lower.begin() + static_cast<std::ptrdiff_t>(at) + 4,
                                      lower.begin() + static_cast<std::ptrdiff_t>(end),
                                      [](unsigned char c) { return std::isalpha(c) != 0; });
  const auto number = parse_integer(std::string_view(lower).substr(end));
  if (!has_letter || !number || *number > 1000) return {};
  return {lower.substr(0, end), static_cast<int>(*number)};
}

// The channel of each device in use; empty when any of them does not tell.
std::vector<std::string> channels_of(const std::vector<MemoryDevice>& all) {
  constexpr int k_most_slots_of_a_channel = 2;
  const bool by_letter = std::all_of(all.begin(), all.end(), [](const MemoryDevice& device) {
    return lettered_slot(device).number <= k_most_slots_of_a_channel;
  });
  std::vector<std::string> channels;
  for (const MemoryDevice& device : all) {
    if (device.is_empty) continue;
    std::string channel = named_channel(device);
    if (channel.empty() && by_letter) channel = lettered_slot(device).group;
    if (channel.empty()) return {};
    channels.push_back(processor_of(device) + '/' + channel);
  }
  return channels;
}

}  // namespace

std::vector<MemoryDevice> parse_smbios(std::string_view table) {
  std::vector<MemoryDevice> devices;
  while (const auto structure = next_structure(table)) {
    table.remove_prefix(structure->all.size());
    if (structure->byte(0) == k_end_of_table) break;
    if (structure->byte(0) != k_memory_device) continue;
    if (auto device = memory_device(*structure)) devices.push_back(std::move(*device));
    if (devices.size() == k_most_memory_devices) break;
  }
  return devices;
}

std::vector<MemoryDevice> parse_udev_memory(std::string_view text) {
  const auto values = parse_key_values(text, "E:");
  std::vector<MemoryDevice> devices;
  const auto count_text = values.find("MEMORY_ARRAY_NUM_DEVICES");
  const auto count = count_text == values.end() ? std::nullopt : parse_unsigned(count_text->second);
  const std::uint64_t most = std::min<std::uint64_t>(count.value_or(64), k_most_memory_devices);
  for (std::uint64_t i = 0; i < most; ++i) {
    const std::string prefix = "MEMORY_DEVICE_" + std::to_string(i) + '_';
    const auto text_of = [&](const char* key) {
      const auto found = values.find(prefix + key);
      return found == values.end() ? std::string() : found->second;
    };
    MemoryDevice device;
    device.is_empty = text_of("PRESENT") == "0";
    if (const auto size = parse_integer(text_of("SIZE")); size && *size > 0) device.size = Bytes{*size};
    device.type = text_of("TYPE");
    device.locator = text_of("LOCATOR");
    device.bank = text_of("BANK_LOCATOR");
    if (const auto width = parse_unsigned(text_of("DATA_WIDTH")); width && *width > 0 && *width <= 8192)
      device.data_width_bits = static_cast<int>(*width);
    for (const char* key : {"CONFIGURED_SPEED_MTS", "SPEED_MTS"}) {
      if (const auto speed = parse_unsigned(text_of(key)); speed && !device.rate) device.rate = rate_of(*speed);
    }
    if (device.size || device.rate || device.is_empty) devices.push_back(std::move(device));
  }
  return devices;
}

MemoryLayout layout_of(const std::vector<MemoryDevice>& devices) {
  MemoryLayout layout;
  std::set<std::string> types;
  std::set<double> rates;
  std::set<int> widths;
  std::set<std::string> processors;
  int in_use = 0;
  int width_sum = 0;
  bool all_wide = true;
  for (const MemoryDevice& device : devices) {
    if (device.is_empty) continue;
    ++in_use;
    if (!device.type.empty()) types.insert(device.type);
    if (device.rate) rates.insert(device.rate->value);
    processors.insert(processor_of(device));
    all_wide = all_wide && device.data_width_bits.has_value();
    widths.insert(device.data_width_bits.value_or(0));
    width_sum += device.data_width_bits.value_or(0);
  }
  if (in_use == 0) return layout;
  if (types.size() == 1) layout.type = *types.begin();
  // Modules of one system run at the pace of the slowest.
  if (!rates.empty()) layout.rate = TransfersPerSecond{*rates.begin()};
  layout.names_processors = processors.size() > 1;
  const bool soldered = layout.type.starts_with("LPDDR");
  const auto channels = channels_of(devices);
  if (!channels.empty()) {
    const int distinct = static_cast<int>(std::set<std::string>(channels.begin(), channels.end()).size());
    layout.channels = distinct;
    // Soldered chips side by side on one channel add up; modules on one channel take turns.
    if (all_wide && soldered) layout.bus_bits = width_sum;
    if (all_wide && !soldered && widths.size() == 1) layout.bus_bits = *widths.begin() * distinct;
  } else if (in_use == 1 || soldered) {
    layout.channels = in_use;
    if (all_wide) layout.bus_bits = width_sum;
  }
  return layout;
}

std::string scrub_smbios(std::string_view table, bool whole_table) {
  std::string kept;
  while (const auto structure = next_structure(table)) {
    table.remove_prefix(structure->all.size());
    const unsigned type = structure->byte(0);
    if (type == k_memory_device) {
      std::string text(structure->all);
      for (const std::size_t field : {std::size_t{0x18}, std::size_t{0x19}}) {  // serial number, asset tag
        const unsigned number = structure->byte(field);
        if (number == 0 || number > structure->strings.size()) continue;
        const std::string_view string = structure->strings[number - 1];
        const auto at = static_cast<std::size_t>(string.data() - structure->all.data());
        text.replace(at, string.size(), std::string(string.size(), '0'));
      }
      kept += text;
    }
    if (type == k_end_of_table || !whole_table) {
      if (type == k_end_of_table) kept += structure->all;
      break;
    }
  }
  return kept;
}

}  // namespace hardscape
