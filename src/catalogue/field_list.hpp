// Builds the fields of a record, leaving out what is not known.
#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include "base/text.hpp"
#include "catalogue/words.hpp"
#include "hardscape/catalogue_fields.hpp"

namespace hardscape {

class FieldList {
 public:
  explicit FieldList(Record& record) : record_(record) {}

  FieldList& group(std::string title) {
    group_ = std::move(title);
    return *this;
  }
  FieldList& text(const char* key, const char* label, const std::string& value, std::optional<Source> source = {}) {
    if (!value.empty()) add(key, label, value, value, std::move(source));
    return *this;
  }
  FieldList& text(const char* key, const char* label, const std::optional<std::string>& value) {
    return text(key, label, value.value_or(""));
  }
  FieldList& texts(const char* key, const char* label, const std::vector<std::string>& values, std::optional<Source> source = {}) {
    std::string joined;
    for (const auto& value : values) joined += (joined.empty() ? "" : ", ") + value;
    if (!values.empty()) add(key, label, values, joined, std::move(source));
    return *this;
  }
  FieldList& flag(const char* key, const char* label, bool value) {
    if (value) add(key, label, true, "yes", {});
    return *this;
  }
  template <class Quantity>
  FieldList& known(const char* key, const char* label, const Known<Quantity>& fact) {
    if (fact) add(key, label, static_cast<double>(fact->value.value), words_of(fact->value), fact->source);
    return *this;
  }
  FieldList& known(const char* key, const char* label, const Known<std::string>& fact) {
    if (fact) add(key, label, fact->value, fact->value, fact->source);
    return *this;
  }
  // A plain number with its words.
  FieldList& number(const char* key, const char* label, const std::optional<double>& value, const std::string& words,
                    std::optional<Source> source = {}) {
    if (value) add(key, label, *value, words, std::move(source));
    return *this;
  }
  template <class Integer>
  FieldList& count(const char* key, const char* label, const std::optional<Integer>& value, std::optional<Source> source = {}) {
    if (value) add(key, label, static_cast<double>(*value), with_thousands(static_cast<double>(*value)), std::move(source));
    return *this;
  }
  FieldList& add(const char* key, const char* label, RecordField::Value value, std::string words, std::optional<Source> source) {
    record_.fields.push_back({key, label, std::move(value), std::move(words), std::move(source), group_});
    return *this;
  }

 private:
  Record& record_;
  std::string group_;
};

Record record_from(const Device& device);
Record record_from(const ModelRecord& model);
Record record_from(const CloudOffer& offer);
Record record_from(const Interconnect& link);
Record record_from(const Runtime& runtime);
Record record_from(const HardwareFamily& family, const Catalogue& catalogue);
Record record_from(const EnergyTariff& tariff);
Record record_from(const GridCarbon& grid);
Record record_from(const FacilityOverhead& facility);
Record record_from(const SourceRecord& source);

}  // namespace hardscape
