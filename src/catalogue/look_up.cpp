#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "catalogue/lists.hpp"
#include "catalogue/match.hpp"

namespace hardscape {
namespace {

constexpr std::size_t k_longest_name = 120;

struct VendorWord {
  std::string_view word;
  std::string_view vendor;
};
constexpr std::array k_vendor_words{
    VendorWord{"nvidia", "NVIDIA"},   VendorWord{"geforce", "NVIDIA"}, VendorWord{"tesla", "NVIDIA"},   VendorWord{"quadro", "NVIDIA"},
    VendorWord{"radeon", "AMD"},      VendorWord{"instinct", "AMD"},   VendorWord{"amd ", "AMD"},       VendorWord{"intel", "Intel"},
    VendorWord{"apple", "Apple"},     VendorWord{"iphone", "Apple"},   VendorWord{"qualcomm", "Qualcomm"}, VendorWord{"mediatek", "MediaTek"}};

// The vendor that a name states; empty when it states none.
std::string_view vendor_in(std::string_view name) {
  const std::string lowered = to_lower(name) + " ";
  for (const auto& [word, vendor] : k_vendor_words)
    if (lowered.find(word) != std::string::npos) return vendor;
  return {};
}

std::vector<const Device*> of_vendor(std::vector<const Device*> devices, std::string_view vendor) {
  if (vendor.empty()) return devices;
  std::vector<const Device*> kept;
  for (const auto* device : devices)
    if (device->vendor == vendor) kept.push_back(device);
  return kept;
}

std::string without_parentheses(std::string_view name) {
  std::string out;
  int depth = 0;
  for (const char c : name) {
    if (c == '(') ++depth;
    if (depth == 0) out += c;
    if (c == ')' && depth > 0) --depth;
  }
  return out;
}

std::string number_text(std::int64_t value) { return std::to_string(value); }

std::string gib_text(Bytes bytes) { return number_text(bytes.value / k_gib); }

// "which GPU-core count, 30 or 40?", when that is all the difference.
std::string question_about(const std::vector<const Device*>& devices) {
  std::set<std::int64_t> cores;
  std::set<std::int64_t> sizes;
  std::set<std::string> families;
  bool apple = true;
  for (const auto* device : devices) {
    apple = apple && device->device_class == "apple-soc";
    if (device->compute_units) cores.insert(*device->compute_units);
    if (device->memory_options.size() == 1) sizes.insert(device->memory_options[0].value.value);
    families.insert(device->variant_of.value_or(device->id));
  }
  std::vector<std::string> choices;
  if (apple && cores.size() == devices.size()) {
    for (const auto count : cores) choices.push_back(number_text(count));
    return "which GPU-core count, " + join_words(choices, "or") + "?";
  }
  if (sizes.size() == devices.size() && families.size() == 1) {
    for (const auto size : sizes) choices.push_back(gib_text(Bytes{size}));
    return "which memory size, " + join_words(choices, "or") + " GB?";
  }
  for (const auto* device : devices) choices.push_back(device->id);
  if (choices.size() > 8) choices.resize(8);
  return "which of these: " + join_words(choices, "or") + "?";
}

std::vector<const Device*> found_by(const DeviceIndex& index, std::string_view name, std::string_view vendor) {
  if (const auto found = index.by_key.find(device_key(name)); found != index.by_key.end())
    if (auto kept = of_vendor(found->second, vendor); !kept.empty()) return kept;
  if (const auto found = index.by_short_key.find(short_device_key(name)); found != index.by_short_key.end())
    return of_vendor(found->second, vendor);
  return {};
}

}  // namespace

Lookup Catalogue::look_up(std::string_view name) const {
  Lookup answer;
  name = trim(name);
  if (name.empty() || name.size() > k_longest_name) return answer;
  if (const auto* device = find_device(name)) {
    answer.matches.push_back(device);
    return answer;
  }
  const auto& index = data_->device_index();
  const auto vendor = vendor_in(name);
  answer.matches = found_by(index, name, vendor);
  if (answer.matches.empty()) answer.matches = found_by(index, without_parentheses(name), vendor);
  // "EPYC 9654": one of a family whose members differ in cores alone.
  if (answer.matches.empty()) {
    std::string text = std::string(starts_with_ignoring_case(name, "AMD ") ? name.substr(4) : name) + ' ';
    std::replace(text.begin(), text.end(), '-', ' ');
    for (const auto& device : devices())
      // From the start: "2x EPYC 9654" is not one.
      if (std::any_of(device.processors.begin(), device.processors.end(),
                      [&](const std::string& pattern) { return fits_pattern(text, std::string_view(pattern).substr(pattern.starts_with('*') ? 1 : 0)); }))
        answer.matches.push_back(&device);
  }
  // An id is meant by its exact spelling, whatever else is called so: "RTX 3080" is rtx-3080.
  if (answer.matches.size() > 1) {
    for (const auto* device : answer.matches) {
      if (device_key(device->id) != device_key(name)) continue;
      answer.matches = {device};
      break;
    }
  }
  if (answer.matches.size() > 1) answer.question = question_about(answer.matches);
  if (answer.matches.empty()) {
    std::vector<std::string> ids;
    for (const auto& device : devices()) ids.push_back(device.id);
    std::string as_id = to_lower(name);
    std::replace(as_id.begin(), as_id.end(), ' ', '-');
    if (as_id.size() > 2) answer.nearest = nearest(as_id, ids, 5);
  }
  return answer;
}

std::vector<const Device*> Catalogue::by_pci(const PciAddress& pci) const {
  const auto& index = data_->device_index().by_pci;
  const auto found = index.find(static_cast<std::uint32_t>(pci.vendor_id) << 16 | pci.device_id);
  if (found == index.end()) return {};
  std::vector<const Device*> exact;
  std::vector<const Device*> possible;
  for (const auto* device : found->second) {
    bool fits = false;
    bool decided = false;
    for (const auto& match : device->pci_ids) {
      if (match.vendor_id != pci.vendor_id || match.device_id != pci.device_id) continue;
      if (match.subsystem_device_id && pci.subsystem_device_id && *match.subsystem_device_id != *pci.subsystem_device_id) continue;
      if (match.revision && pci.revision && *match.revision != *pci.revision) continue;
      fits = true;
      decided = decided || (match.revision && pci.revision) || (match.subsystem_device_id && pci.subsystem_device_id);
    }
    auto& list = decided ? exact : possible;
    if (fits && std::find(list.begin(), list.end(), device) == list.end()) list.push_back(device);
  }
  return exact.empty() ? possible : exact;
}

}  // namespace hardscape
