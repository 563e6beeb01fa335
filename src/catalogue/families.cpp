// Families of devices: who belongs to one, and the ranges of their figures.
#include <fmt/format.h>

#include <algorithm>

#include "catalogue/field_list.hpp"

namespace hardscape {
namespace {

bool listed(const std::vector<std::string>& list, const std::string& item) { return std::find(list.begin(), list.end(), item) != list.end(); }

bool fits(const std::vector<std::string>& list, const std::string& item) { return list.empty() || listed(list, item); }

// The least and the largest of a figure, as confident as the weaker of the two.
template <class Quantity>
void add_range(FieldList& fields, const char* key, const char* label, const std::vector<const Device*>& members, Known<Quantity> Device::*figure) {
  const Fact<Quantity>* low = nullptr;
  const Fact<Quantity>* high = nullptr;
  for (const auto* device : members) {
    const auto& known = device->*figure;
    if (!known) continue;
    if (low == nullptr || known->value < low->value) low = &*known;
    if (high == nullptr || known->value > high->value) high = &*known;
  }
  if (low == nullptr) return;
  Source source = low->source;
  if (low != high) source.ref += source.ref == high->source.ref ? "" : "; " + high->source.ref;
  source.confidence = std::min(low->source.confidence, high->source.confidence);
  const std::string words = low->value == high->value ? words_of(low->value) : words_of(low->value) + " to " + words_of(high->value);
  fields.add(key, label, std::vector<double>{static_cast<double>(low->value.value), static_cast<double>(high->value.value)}, words, source);
}

}  // namespace

std::vector<const Device*> Catalogue::members_of(const HardwareFamily& family) const {
  const bool by_kind = !family.classes.empty() || !family.vendors.empty() || !family.architectures.empty();
  std::vector<const Device*> members;
  for (const auto& device : devices()) {
    const bool alike = by_kind && fits(family.classes, device.device_class) && fits(family.vendors, device.vendor) &&
                       fits(family.architectures, device.architecture);
    if (alike || listed(family.members, device.id)) members.push_back(&device);
  }
  return members;
}

Record record_from(const HardwareFamily& f, const Catalogue& catalogue) {
  Record record{"families", f.id, f.name, {}, f.superseded, f.notes, "", "", {}, {}, {}};
  const auto members = catalogue.members_of(f);
  std::vector<std::string> ids;
  std::string first;
  std::string last;
  for (const auto* device : members) {
    ids.push_back(device->id);
    if (device->launch.empty()) continue;
    if (first.empty() || device->launch < first) first = device->launch;
    last = std::max(last, device->launch);
  }
  FieldList fields(record);
  fields.text("name", "Name", f.name)
      .text("does", "Computes", f.does)
      .number("device_count", "How many", static_cast<double>(members.size()), std::to_string(members.size()))
      .text("launch", "Launched", first == last ? first : first + " to " + last)
      .texts("runtimes", "Runtimes", f.runtimes, f.source);
  fields.group("Over its devices");
  add_range(fields, "bandwidth_range_bytes_per_s", "Bandwidth", members, &Device::bandwidth);
  add_range(fields, "power_range_w", "TDP or board power", members, &Device::power);
  add_range(fields, "msrp_range_usd", "List price at launch", members, &Device::msrp);
  fields.group("Devices").texts("devices", "Devices", ids).texts("aliases", "Other names", f.aliases);
  if (const auto year = parse_integer(std::string_view(first).substr(0, 4))) record.year = static_cast<int>(*year);
  return record;
}

}  // namespace hardscape
