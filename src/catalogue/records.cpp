// Records of any kind: listing, filtering, sorting, JSON.
#include <algorithm>
#include <array>
#include <cmath>

#include "catalogue/field_list.hpp"
#include "facts/json_writing.hpp"

namespace hardscape {
namespace {

constexpr std::array<std::string_view, 9> k_kinds{"devices", "models", "offers",     "interconnects", "runtimes",
                                                  "tariffs", "grids",  "facilities", "sources"};

template <class Span>
std::vector<Record> all(const Span& span) {
  std::vector<Record> records;
  for (const auto& record : span) records.push_back(record_from(record));
  return records;
}

template <class Span>
std::optional<Record> with_id(const Span& span, std::string_view id) {
  for (const auto& record : span)
    if (record.id == id) return record_from(record);
  return std::nullopt;
}

// Applies f to the records of a kind.
template <class F>
auto of_kind(const Catalogue& catalogue, std::string_view kind, F f) -> decltype(f(catalogue.devices())) {
  if (kind == "devices") return f(catalogue.devices());
  if (kind == "models") return f(catalogue.models());
  if (kind == "offers") return f(catalogue.offers());
  if (kind == "interconnects") return f(catalogue.interconnects());
  if (kind == "runtimes") return f(catalogue.runtimes());
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
  return of_kind(catalogue, kind, [](const auto& span) { return all(span); });
}

std::optional<Record> find_record(const Catalogue& catalogue, std::string_view kind, std::string_view id) {
  for (const auto candidate : k_kinds) {
    if (!kind.empty() && kind != candidate) continue;
    if (auto record = of_kind(catalogue, candidate, [&](const auto& span) { return with_id(span, id); })) return record;
  }
  return std::nullopt;
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
