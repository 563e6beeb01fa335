// simdjson behind the handles of json_reading.hpp: it reads the catalogue ten times faster than a tree of values is made.
#include <simdjson.h>

#include <bit>

#include "base/embedded.hpp"
#include "base/json_reading.hpp"

namespace hardscape {
namespace {

using simdjson::dom::element;

}  // namespace

struct JsonDocument::Tape {
  simdjson::dom::document document;
};

template <class Element>
JsonValue JsonValue::of(const Element& value) {
  static_assert(sizeof(Element) == sizeof(Handle) && std::is_trivially_copyable_v<Element>);
  return JsonValue(std::bit_cast<Handle>(value));
}

namespace {

// The element of a handle.
template <class Handle>
element at(const Handle& handle) {
  return std::bit_cast<element>(handle);
}

}  // namespace

Result<JsonDocument> JsonDocument::parse(std::string_view text, std::string_view place) {
  auto tape = std::make_shared<Tape>();
  simdjson::dom::parser parser;
  const auto error = parser.parse_into_document(tape->document, text.data(), text.size(), true).error();
  if (error == simdjson::SUCCESS) return JsonDocument(std::move(tape));
  // Only the slower parser knows the line and the column.
  if (auto json = parse_json(text, place); !json) return std::move(json).error();
  return Error{ErrorCode::malformed, std::string(place) + ": not JSON that can be read: " + simdjson::error_message(error)};
}

JsonDocument JsonDocument::embedded(std::string_view name) {
  auto document = parse(embedded_text(name), name);
  return document ? *std::move(document) : *parse("{}", name);
}

JsonValue JsonDocument::root() const { return JsonValue::of(tape_->document.root()); }

bool JsonValue::is_null() const { return at(handle_).is_null(); }
bool JsonValue::is_object() const { return at(handle_).is_object(); }
bool JsonValue::is_array() const { return at(handle_).is_array(); }
bool JsonValue::is_text() const { return at(handle_).is_string(); }
bool JsonValue::is_number() const { return at(handle_).is_number(); }
bool JsonValue::is_flag() const { return at(handle_).is_bool(); }

std::optional<JsonValue> JsonValue::find(std::string_view key) const {
  simdjson::dom::object object;
  if (at(handle_).get(object) != simdjson::SUCCESS) return std::nullopt;
  element found;
  if (object.at_key(key).get(found) != simdjson::SUCCESS) return std::nullopt;
  return of(found);
}

std::vector<std::pair<std::string_view, JsonValue>> JsonValue::members() const {
  std::vector<std::pair<std::string_view, JsonValue>> out;
  simdjson::dom::object object;
  if (at(handle_).get(object) != simdjson::SUCCESS) return out;
  out.reserve(object.size());
  for (const auto& member : object) out.emplace_back(member.key, of(member.value));
  return out;
}

std::vector<JsonValue> JsonValue::elements() const {
  std::vector<JsonValue> out;
  simdjson::dom::array array;
  if (at(handle_).get(array) != simdjson::SUCCESS) return out;
  out.reserve(array.size());
  for (const auto value : array) out.push_back(of(value));
  return out;
}

std::string_view JsonValue::text() const {
  std::string_view out;
  return at(handle_).get(out) == simdjson::SUCCESS ? out : std::string_view();
}

double JsonValue::number() const {
  double out = 0;
  return at(handle_).get(out) == simdjson::SUCCESS ? out : 0;
}

std::optional<std::int64_t> JsonValue::integer() const {
  std::int64_t out = 0;
  if (at(handle_).get(out) != simdjson::SUCCESS) return std::nullopt;
  return out;
}

bool JsonValue::is_whole() const {
  const auto type = at(handle_).type();
  return type == simdjson::dom::element_type::INT64 || type == simdjson::dom::element_type::UINT64;
}

bool JsonValue::flag() const {
  bool out = false;
  return at(handle_).get(out) == simdjson::SUCCESS && out;
}

std::string JsonValue::dump() const { return simdjson::minify(at(handle_)); }

}  // namespace hardscape
