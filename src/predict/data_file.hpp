// The data files of this part, parsed. They are embedded in the library and checked by the tests.
#pragma once

#include <optional>
#include <string_view>

#include "base/json_reading.hpp"

namespace hardscape::predict {

// Its readers are valid as long as it is. What a field should be and is not counts as missing.
class DataFile {
 public:
  // `name` relative to data/ ("backends/engines.json"); an empty object when the build lacks it.
  explicit DataFile(std::string_view name) : document_(JsonDocument::embedded(name)) {}
  DataFile(const DataFile&) = delete;
  DataFile& operator=(const DataFile&) = delete;

  JsonReader root() { return {document_.root(), "", wrong_}; }

 private:
  JsonDocument document_;
  std::optional<Error> wrong_;
};

}  // namespace hardscape::predict
