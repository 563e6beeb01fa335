// Reading JSON with places: every complaint names the key as a JSON pointer ("/devices/2/memory_bytes").
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hardscape/result.hpp"

namespace hardscape {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

// Parses a whole text; comments are not JSON. The error names `place`, line and column.
Result<Json> parse_json(std::string_view text, std::string_view place);
Result<OrderedJson> parse_ordered_json(std::string_view text, std::string_view place);  // keeps the order of members

// A value inside a JsonDocument: a handle of two words, valid as long as the document is. Asking it for what it is not
// gives an empty answer (no members, "", 0).
class JsonValue {
 public:
  bool is_null() const;
  bool is_object() const;
  bool is_array() const;
  bool is_text() const;
  bool is_number() const;
  bool is_flag() const;

  std::optional<JsonValue> find(std::string_view key) const;  // the first such member; null is a value
  std::vector<std::pair<std::string_view, JsonValue>> members() const;
  std::vector<JsonValue> elements() const;
  std::string_view text() const;
  double number() const;
  std::optional<std::int64_t> integer() const;                // nothing for fractions and beyond 2^63 - 1
  bool is_whole() const;                                      // written without point and exponent
  bool flag() const;
  std::string dump() const;                                   // without spaces

 private:
  friend class JsonDocument;
  struct Handle {
    const void* document = nullptr;
    std::size_t index = 0;
  };
  explicit JsonValue(Handle handle) : handle_(handle) {}
  template <class Element>
  static JsonValue of(const Element& element);
  Handle handle_;
};

// A parsed text that only readers see; several times faster to make than a Json. May be copied (it is shared) and read
// from several threads.
class JsonDocument {
 public:
  // As parse_json; also refuses whole numbers beyond 2^64 and more than 1,000 levels.
  static Result<JsonDocument> parse(std::string_view text, std::string_view place);
  // A file that the build put into the program, by its name below data/; an empty object where there is none that can be read
  // (the tests read them all).
  static JsonDocument embedded(std::string_view name);
  JsonValue root() const;

 private:
  struct Tape;
  explicit JsonDocument(std::shared_ptr<const Tape> tape) : tape_(std::move(tape)) {}
  std::shared_ptr<const Tape> tape_;
};

// Walks objects and arrays, and remembers the first thing that was wrong, so that a reader can be written as a
// list of fields and ask once at the end.
class JsonReader {
 public:
  JsonReader(JsonValue value, std::string pointer, std::optional<Error>& failure)
      : value_(value), pointer_(std::move(pointer)), failure_(failure) {}

  JsonValue json() const { return value_; }
  const std::string& pointer() const { return pointer_; }
  // The same value under another name of its place.
  JsonReader named(std::string place) const { return {value_, std::move(place), failure_}; }
  bool has(std::string_view key) const;

  // Missing or null gives nothing; a value of another type is a failure.
  std::optional<std::string> text(std::string_view key) const;
  std::optional<double> number(std::string_view key) const;
  std::optional<std::int64_t> integer(std::string_view key) const;
  std::optional<bool> flag(std::string_view key) const;

  // The same, where absence is a failure.
  std::string need_text(std::string_view key) const;
  double need_number(std::string_view key) const;
  std::int64_t need_integer(std::string_view key) const;

  // Nothing when missing or null; failure when not an object or array.
  std::optional<JsonReader> object(std::string_view key) const;
  std::vector<JsonReader> array(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;

  void fail(std::string_view key, std::string_view expected) const;

 private:
  std::optional<JsonValue> member(std::string_view key) const;  // nothing for null

  JsonValue value_;
  std::string pointer_;
  std::optional<Error>& failure_;
};

}  // namespace hardscape
