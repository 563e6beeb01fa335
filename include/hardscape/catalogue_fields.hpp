// A catalogue record as a list of fields, each with its key, its value, its words and where it comes from: what
// `catalog` shows, sorts, filters and writes as JSON, whatever the kind of record.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hardscape/catalogue.hpp"

namespace hardscape {

struct RecordField {
  using Value = std::variant<std::string, double, bool, std::vector<std::string>, std::vector<double>>;

  std::string key;    // with its unit, as in the data files: "bandwidth_bytes_per_s"
  std::string label;  // "Memory bandwidth"
  Value value;
  std::string text;   // "1,008 GB/s"
  std::optional<Source> source;  // absent for what is a name and not a figure
  std::string group;  // heading under which it is shown
};

// Any record; `kind` is the name of its list in the data files ("devices").
struct Record {
  std::string kind;
  std::string id;
  std::string name;
  std::vector<RecordField> fields;       // only what is known, in reading order
  std::vector<Superseded> superseded;
  std::string notes;

  // What filters ask for. Price: list price of a device, per device-hour of an offer.
  std::string vendor;
  std::string class_name;
  std::vector<double> memory_bytes;
  std::optional<double> price_usd;
  std::optional<int> year;

  const RecordField* find(std::string_view key) const;
};

// The kinds that can be listed, in the order of the documentation.
std::span<const std::string_view> record_kinds();

// All records of a kind; nothing for a kind that does not exist.
std::vector<Record> records_of(const Catalogue& catalogue, std::string_view kind);

// One record by its exact id, in the kind named, or in the first kind that has it when `kind` is empty.
std::optional<Record> find_record(const Catalogue& catalogue, std::string_view kind, std::string_view id);

// A family, an interconnect or a runtime by the name or an alias of it, as anybody writes it. Devices and models have
// names of their own kind: Catalogue::look_up and look_up_model.
std::optional<Record> find_named_record(const Catalogue& catalogue, std::string_view kind, std::string_view name);

struct RecordFilter {
  std::string vendor;       // vendor, provider or family; without regard to case
  std::string class_name;   // class, or kind of an interconnect
  std::string text;         // anywhere in id, name or aliases
  std::optional<double> memory_min_bytes;
  std::optional<double> memory_max_bytes;
  std::optional<double> price_min_usd;
  std::optional<double> price_max_usd;
  std::optional<int> year_min;
  std::optional<int> year_max;
};

// A record without the figure that is filtered by does not pass.
bool passes(const Record& record, const RecordFilter& filter);

// By a field's key; records without it come last either way. False when no record has such a field.
bool sort_by(std::vector<Record>& records, std::string_view key, bool descending);

// hardscape.catalog/1: kind and records, each with its figures by key and, under "sources", where each comes from.
std::string to_json(std::string_view kind, const std::vector<Record>& records);

}  // namespace hardscape
