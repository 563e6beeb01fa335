// Records of any kind: listing, filtering, sorting, JSON.
#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "catalogue/field_list.hpp"
#include "catalogue/names.hpp"
#include "facts/json_writing.hpp"

namespace hardscape {
namespace {

constexpr std::array<std::string_view, 10> k_kinds{"devices", "families", "models",     "offers", "interconnects",
                                                   "runtimes", "tariffs", "grids",  "facilities", "sources"};

template <class Any>
Record shown(const Any& record, const Catalogue& catalogue) {
  if constexpr (std::is_same_v<Any, HardwareFamily>)
    return record_from(record, catalogue);
  else
    return record_from(record);
}

// Letters and digits in lower case: "NVLink 5" and "nvlink-5" are one.
std::string plain_key(std::string_view name) {
  std::string key;
  for (const char c : to_lower(name))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) key += c;
  return key;
}

bool is_named(const auto& record, const std::string& key) {
  return plain_key(record.id) == key || plain_key(record.name) == key ||
         std::any_of(record.aliases.begin(), record.aliases.end(), [&](const std::string& alias) { return plain_key(alias) == key; });
}

// By the whole name, else by what stands before a parenthesis: "llama.cpp (Metal)".
template <class Span>
auto named(const Span& span, std::string_view name) -> decltype(&span.front()) {
  for (const auto text : {name, name.substr(0, name.find('('))}) {
    const std::string key = plain_key(text);
    if (key.empty()) continue;
    for (const auto& record : span)
      if (is_named(record, key)) return &record;
  }
  return nullptr;
}

// Applies f to the records of a kind.
template <class F>
auto of_kind(const Catalogue& catalogue, std::string_view kind, F f) -> decltype(f(catalogue.devices())) {
  if (kind == "devices") return f(catalogue.devices());
  if (kind == "models") return f(catalogue.models());
  if (kind == "offers") return f(catalogue.offers());
  if (kind == "interconnects") return f(catalogue.interconnects());
  if (kind == "runtimes") return f(catalogue.runtimes());
  if (kind == "families") return f(catalogue.families());
  if (kind == "tariffs") return f(catalogue.tariffs());
  if (kind == "grids") return f(catalogue.grids());
  if (kind == "facilities") return f(catalogue.facilities());
  if (kind == "sources") return f(catalogue.sources());
  return {};
}

// A field's place in an order: numbers before texts, the largest option of several.
struct Rank {
  bool known = false;
  double number = 0;
  std::string text;
};

Rank rank_of(const Record& record, std::string_view key) {
  if (key == "id") return {true, 0, record.id};
  const auto* field = record.find(key);
  if (field == nullptr) return {};
  Rank rank{true, 0, {}};
  if (const auto* number = std::get_if<double>(&field->value)) rank.number = *number;
  if (const auto* numbers = std::get_if<std::vector<double>>(&field->value)) rank.number = numbers->empty() ? 0 : numbers->back();
  if (const auto* text = std::get_if<std::string>(&field->value)) rank.text = *text;
  return rank;
}

OrderedJson json_of_value(const RecordField::Value& value) {
  return std::visit(
      [](const auto& v) -> OrderedJson {
        using Type = std::decay_t<decltype(v)>;
        const auto whole = [](double number) {
          return std::abs(number) < 9e15 && number == std::floor(number) ? OrderedJson(static_cast<std::int64_t>(number)) : OrderedJson(number);
        };
        if constexpr (std::is_same_v<Type, double>) return whole(v);
        if constexpr (std::is_same_v<Type, std::vector<double>>) {
          OrderedJson out = OrderedJson::array();
          for (const double number : v) out.push_back(whole(number));
          return out;
        }
        if constexpr (!std::is_same_v<Type, double> && !std::is_same_v<Type, std::vector<double>>) return OrderedJson(v);
      },
      value);
}

OrderedJson json_of_record(const Record& record) {
  OrderedJson out{{"id", record.id}};
  OrderedJson sources = OrderedJson::object();
  for (const auto& field : record.fields) {
    out[field.key] = json_of_value(field.value);
    if (!field.source) continue;
    sources[field.key] = json_of(*field.source);
    sources[field.key].erase("origin");
  }
  if (!record.notes.empty()) out["notes"] = record.notes;
  if (!sources.empty()) out["sources"] = std::move(sources);
  for (const auto& old : record.superseded) {
    OrderedJson entry{{"field", old.field}, {"value", old.value}, {"source", old.source.ref}};
    if (!old.source.date.empty()) entry["date"] = old.source.date;
    entry["why"] = old.why;
    out["superseded"].push_back(std::move(entry));
  }
  return out;
}

bool within(const std::optional<double>& value, const std::optional<double>& low, const std::optional<double>& high) {
  if (!low && !high) return true;
  return value && (!low || *value >= *low) && (!high || *value <= *high);
}

}  // namespace

const RecordField* Record::find(std::string_view key) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const RecordField& field) { return field.key == key; });
  return found == fields.end() ? nullptr : &*found;
}

std::span<const std::string_view> record_kinds() { return k_kinds; }

std::vector<Record> records_of(const Catalogue& catalogue, std::string_view kind) {
  return of_kind(catalogue, kind, [&](const auto& span) {
    std::vector<Record> records;
    for (const auto& record : span) records.push_back(shown(record, catalogue));
    return records;
  });
}

std::optional<Record> find_record(const Catalogue& catalogue, std::string_view kind, std::string_view id) {
  for (const auto candidate : k_kinds) {
    if (!kind.empty() && kind != candidate) continue;
    auto found = of_kind(catalogue, candidate, [&](const auto& span) -> std::optional<Record> {
      for (const auto& record : span)
        if (record.id == id) return shown(record, catalogue);
      return std::nullopt;
    });
    if (found) return found;
  }
  return std::nullopt;
}

std::optional<Record> find_named_record(const Catalogue& catalogue, std::string_view kind, std::string_view name) {
  if (name.size() > k_longest_name) return std::nullopt;
  const auto wanted = [&](std::string_view candidate) { return kind.empty() || kind == candidate; };
  if (wanted("families"))
    if (const auto* family = named(catalogue.families(), name)) return record_from(*family, catalogue);
  if (wanted("interconnects"))
    if (const auto* link = named(catalogue.interconnects(), name)) return record_from(*link);
  if (wanted("runtimes"))
    if (const auto* runtime = named(catalogue.runtimes(), name)) return record_from(*runtime);
  return std::nullopt;
}

const HardwareFamily* Catalogue::family_named(std::string_view name) const {
  return name.size() > k_longest_name ? nullptr : named(families(), name);
}

bool passes(const Record& record, const RecordFilter& filter) {
  if (!filter.vendor.empty() && !equal_ignoring_case(record.vendor, filter.vendor)) return false;
  if (!filter.class_name.empty() && !equal_ignoring_case(record.class_name, filter.class_name)) return false;
  if (!filter.text.empty()) {
    const auto* aliases = record.find("aliases");
    const bool named = contains_ignoring_case(record.id, filter.text) || contains_ignoring_case(record.name, filter.text) ||
                       (aliases != nullptr && contains_ignoring_case(aliases->text, filter.text));
    if (!named) return false;
  }
  if (filter.memory_min_bytes || filter.memory_max_bytes) {
    const bool any = std::any_of(record.memory_bytes.begin(), record.memory_bytes.end(), [&](double bytes) {
      return within(bytes, filter.memory_min_bytes, filter.memory_max_bytes);
    });
    if (!any) return false;
  }
  if (!within(record.price_usd, filter.price_min_usd, filter.price_max_usd)) return false;
  if (filter.year_min && (!record.year || *record.year < *filter.year_min)) return false;
  if (filter.year_max && (!record.year || *record.year > *filter.year_max)) return false;
  return true;
}

bool sort_by(std::vector<Record>& records, std::string_view key, bool descending) {
  if (key != "id" && std::none_of(records.begin(), records.end(), [&](const Record& r) { return r.find(key) != nullptr; })) return false;
  std::stable_sort(records.begin(), records.end(), [&](const Record& a, const Record& b) {
    const auto x = rank_of(a, key);
    const auto y = rank_of(b, key);
    if (x.known != y.known) return x.known;
    if (x.number < y.number || x.number > y.number) return descending ? x.number > y.number : x.number < y.number;
    return descending ? natural_less(y.text, x.text) : natural_less(x.text, y.text);
  });
  return true;
}

std::string to_json(std::string_view kind, const std::vector<Record>& records) {
  OrderedJson document{{"schema", "hardscape.catalog/1"}, {"kind", std::string(kind)}, {"records", OrderedJson::array()}};
  for (const auto& record : records) document["records"].push_back(json_of_record(record));
  return dump_document(document);
}

}  // namespace hardscape
