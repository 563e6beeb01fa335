// Reading JSON with places: every complaint names the key as a JSON pointer ("/devices/2/memory_bytes").
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/result.hpp"

namespace hardscape {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

// Parses a whole text; comments are not JSON. The error names `place`, line and column.
Result<Json> parse_json(std::string_view text, std::string_view place);

// Walks objects and arrays, and remembers the first thing that was wrong, so that a reader can be written as a
// list of fields and ask once at the end.
class JsonReader {
 public:
  JsonReader(const Json& value, std::string pointer, std::optional<Error>& failure)
      : value_(value), pointer_(std::move(pointer)), failure_(failure) {}

  const Json& json() const { return value_; }
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
  const Json* member(std::string_view key) const;

  const Json& value_;
  std::string pointer_;
  std::optional<Error>& failure_;
};

}  // namespace hardscape
