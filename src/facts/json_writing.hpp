// Values of the vocabulary as JSON; what nobody knows becomes null.
#pragma once

#include <cmath>
#include <optional>
#include <string>

#include "base/json_reading.hpp"
#include "hardscape/provenance.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

struct Machine;

template <class T>
OrderedJson json_of(const std::optional<T>& value) {
  return value ? OrderedJson(*value) : OrderedJson();
}

template <class Tag, class Rep>
OrderedJson json_of(const Quantity<Tag, Rep>& value) {
  return OrderedJson(value.value);
}

template <class Tag, class Rep>
OrderedJson json_of(const std::optional<Quantity<Tag, Rep>>& value) {
  return value ? OrderedJson(value->value) : OrderedJson();
}

template <class T>
OrderedJson json_of(const Known<T>& fact) {
  return fact ? OrderedJson(fact->value) : OrderedJson();
}

template <class Tag, class Rep>
OrderedJson json_of(const Known<Quantity<Tag, Rep>>& fact) {
  return fact ? OrderedJson(fact->value.value) : OrderedJson();
}

inline OrderedJson json_of(const Estimate& estimate) {
  return {{"low", estimate.low}, {"mid", estimate.mid}, {"high", estimate.high},
          {"basis", std::string(basis_name(estimate.basis))}};
}

inline OrderedJson json_of(const std::optional<Estimate>& estimate) { return estimate ? json_of(*estimate) : OrderedJson(); }

// Two spaces of indentation and a newline at the end; invalid UTF-8 from foreign files is replaced, not thrown at.
std::string dump_document(const OrderedJson& document);
// The same in one line without a newline.
std::string dump_line(const OrderedJson& document);

// The document of a machine, for those that hold one.
OrderedJson json_of(const Machine& machine);
// {origin, ref, date, confidence} without its empty members.
OrderedJson json_of(const Source& source);
Source source_from(const JsonReader& reader);

}  // namespace hardscape
