#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "catalogue/lists.hpp"
#include "catalogue/match.hpp"
#include "catalogue/written_name.hpp"

namespace hardscape {
namespace {


struct VendorWord {
  std::string_view word;
  std::string_view vendor;
};
constexpr std::array k_vendors_by_word{
    VendorWord{"nvidia", "NVIDIA"},   VendorWord{"geforce", "NVIDIA"}, VendorWord{"tesla", "NVIDIA"},   VendorWord{"quadro", "NVIDIA"},
    VendorWord{"radeon", "AMD"},      VendorWord{"instinct", "AMD"},   VendorWord{"amd ", "AMD"},       VendorWord{"intel", "Intel"},
    VendorWord{"apple", "Apple"},     VendorWord{"iphone", "Apple"},   VendorWord{"qualcomm", "Qualcomm"}, VendorWord{"mediatek", "MediaTek"}};

using Devices = std::vector<const Device*>;

// The vendor that a name states; empty when it states none.
std::string_view vendor_in(std::string_view name) {
  const std::string lowered = to_lower(name) + " ";
  for (const auto& [word, vendor] : k_vendors_by_word)
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

// Words that tell product lines apart whose numbers look alike: an "RX 5090" is not an RTX 5090.
constexpr std::array<std::string_view, 4> k_line_words{"rtx", "gtx", "rx", "arc"};

bool has_word(std::string_view text, std::string_view word) {
  const std::string lowered = to_lower(text);
  for (std::size_t at = lowered.find(word); at != std::string::npos; at = lowered.find(word, at + 1)) {
    const auto letter = [&](std::size_t i) { return i < lowered.size() && lowered[i] >= 'a' && lowered[i] <= 'z'; };
    if ((at == 0 || !letter(at - 1)) && !letter(at + word.size())) return true;
  }
  return false;
}

bool is_of_line(const Device& device, std::string_view name) {
  return std::all_of(k_line_words.begin(), k_line_words.end(), [&](std::string_view word) {
    return !has_word(name, word) || has_word(device.id, word) || has_word(device.name, word);
  });
}

Devices found_by(const DeviceIndex& index, std::string_view name, std::string_view vendor) {
  if (const auto found = index.by_key.find(device_key(name)); found != index.by_key.end())
    if (auto kept = of_vendor(found->second, vendor); !kept.empty()) return kept;
  if (const auto found = index.by_short_key.find(short_device_key(name)); found != index.by_short_key.end()) {
    auto kept = of_vendor(found->second, vendor);
    std::erase_if(kept, [&](const Device* device) { return !is_of_line(*device, name); });
    return kept;
  }
  return {};
}

// "EPYC 9654", "Intel(R) Xeon(R) Platinum 8480+": one of a family whose members differ in cores alone. From the start,
// since "2x EPYC 9654" is not one.
Devices processors_named(std::string_view name, std::span<const Device> devices) {
  std::string text = without_marks(name) + ' ';
  std::replace(text.begin(), text.end(), '-', ' ');
  Devices found;
  for (;;) {
    for (const auto& device : devices)
      if (std::any_of(device.processors.begin(), device.processors.end(), [&](const std::string& pattern) {
            std::string from_start = pattern.substr(pattern.starts_with('*') ? 1 : 0);
            std::replace(from_start.begin(), from_start.end(), '-', ' ');
            return fits_pattern(text, from_start);
          }))
        found.push_back(&device);
    const auto word = text.find(' ');
    const std::string first = to_lower(text.substr(0, word));
    if (!found.empty() || word == std::string::npos || (first != "amd" && first != "intel" && first != "ryzen" && first != "core")) return found;
    text.erase(0, word + 1);
  }
}

bool is_sold_with(const Device& device, Bytes memory) {
  return device.memory_options.empty() || (device.usable_memory && device.usable_memory->value == memory) || takes_memory(device, memory);
}

// Of devices found, those that have the memory and the cores that the name states; the answer says so if none has.
void take_those_meant(Lookup& answer, Devices found, const WrittenName& written) {
  std::set<std::int64_t> sizes;
  std::set<std::int64_t> cores;
  for (const auto* device : found) {
    for (const auto& option : device->memory_options) sizes.insert(option.value.value / k_gib);
    if (device->compute_units) cores.insert(*device->compute_units);
    const bool right = (!written.memory || is_sold_with(*device, *written.memory)) &&
                       (!written.gpu_cores || device->compute_units == *written.gpu_cores);
    if (right) answer.matches.push_back(device);
  }
  if (found.empty()) return;
  if (!answer.matches.empty()) {
    answer.memory = written.memory;
    return;
  }
  const bool wrong_size = written.memory && sizes.count(written.memory->value / k_gib) == 0;
  std::vector<std::string> choices;
  for (const auto number : wrong_size ? sizes : cores) choices.push_back(number_text(number));
  std::vector<std::string> ids;
  for (const auto* device : found) ids.push_back(device->id);
  answer.contradiction = join_words(ids) + (ids.size() == 1 ? " comes with " : " come with ") + join_words(choices, "or") + (wrong_size ? " GB of memory" : " GPU cores");
  if (wrong_size) answer.contradiction += ", not " + gib_text(*written.memory);
  answer.nearest = std::move(ids);
}

// What stands in the brackets of lspci. One of several products whose others are not known here is not known.
Devices in_brackets(const Catalogue& catalogue, std::string_view name) {
  const auto names = bracketed_names(name);
  Devices found;
  bool all = true;
  for (const auto& product : names) {
    const auto matches = catalogue.look_up(product).matches;
    all = all && !matches.empty();
    for (const auto* device : matches)
      if (std::find(found.begin(), found.end(), device) == found.end()) found.push_back(device);
  }
  return all || found.size() > 1 ? found : Devices{};
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
  // "RTX 5000 series" is no RTX 5000.
  if (contains_ignoring_case(name, "series") && family_named(name) != nullptr) return answer;
  const auto& index = data_->device_index();
  const auto vendor = vendor_in(name);
  const std::string plain = without_marks(name);
  answer.matches = found_by(index, name, vendor);
  if (answer.matches.empty()) answer.matches = found_by(index, plain, vendor);
  if (answer.matches.empty()) answer.matches = in_brackets(*this, name);
  if (answer.matches.empty()) {
    const auto written = read_written_name(plain);
    auto found = found_by(index, written.text, vendor);
    if (found.empty()) found = found_by(index, read_written_name(without_parentheses(plain)).text, vendor);
    take_those_meant(answer, std::move(found), written);
  }
  if (answer.matches.empty() && answer.contradiction.empty()) answer.matches = processors_named(name, devices());
  // An id is meant by its exact spelling, whatever else is called so: "RTX 3080" is rtx-3080.
  if (answer.matches.size() > 1) {
    for (const auto* device : answer.matches) {
      if (device_key(device->id) != device_key(name)) continue;
      answer.matches = {device};
      break;
    }
  }
  if (answer.matches.size() > 1) answer.question = question_about(answer.matches);
  if (answer.matches.empty() && answer.nearest.empty()) {
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
