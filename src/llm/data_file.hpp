// Records of this part in data/, as rows that say what holds where they are silent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_reading.hpp"

namespace hardscape::llm {

// One object of a data file; valid as long as its file.
class DataRow {
 public:
  explicit DataRow(JsonValue value) : value_(value) {}

  bool contains(std::string_view key) const { return value_.find(key).has_value(); }
  // A key that is absent, or holds something of another kind, gives `otherwise`.
  std::string value(std::string_view key, std::string_view otherwise) const;
  std::string value(std::string_view key, const char* otherwise) const { return value(key, std::string_view(otherwise)); }
  bool value(std::string_view key, bool otherwise) const;
  int value(std::string_view key, int otherwise) const;
  std::int64_t value(std::string_view key, std::int64_t otherwise) const;
  double value(std::string_view key, double otherwise) const;
  std::vector<std::string> texts(std::string_view key) const;
  std::vector<int> integers(std::string_view key) const;
  std::vector<DataRow> rows(std::string_view key) const;    // objects or arrays
  std::optional<DataRow> object(std::string_view key) const;
  std::vector<JsonValue> elements() const { return value_.elements(); }

 private:
  JsonValue value_;
};

class DataFile {
 public:
  // Without rows when the build embedded no such file.
  explicit DataFile(std::string_view name) : document_(JsonDocument::embedded(name)) {}
  DataRow top() const { return DataRow(document_.root()); }
  std::vector<DataRow> rows(std::string_view key) const { return top().rows(key); }

 private:
  JsonDocument document_;
};

}  // namespace hardscape::llm
