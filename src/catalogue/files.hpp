// Catalogue files as lists of records: the embedded ones and those of an overlay folder.
//
// A file is an object with "schema": "hardscape.catalogue/1" and one list or more, named as in kinds.hpp.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/json_reading.hpp"
#include "catalogue/kinds.hpp"
#include "hardscape/result.hpp"

namespace hardscape {

// A parsed file; `place` is its name for complaints.
struct CatalogueFile {
  std::string place;
  JsonDocument json;
};

Result<CatalogueFile> parse_catalogue_file(std::string_view text, std::string place);

// The embedded files whose name starts with `folder`. Broken ones are left out: the data walk in the tests finds them.
std::vector<CatalogueFile> embedded_files(std::string_view folder);

// Every *.json below a folder, in the order of their names.
Result<std::vector<CatalogueFile>> overlay_files(const std::string& folder);

// The records of one kind in one file, appended; none of them where one is broken. The error names file, record and key.
template <class Record>
Status append_records(const CatalogueFile& file, std::vector<Record>& records) {
  std::optional<Error> failure;
  const JsonReader top(file.json.root(), "", failure);
  std::unordered_set<std::string> ids;
  const auto before = static_cast<std::ptrdiff_t>(records.size());
  for (const auto& element : top.array(Kind<Record>::names.list)) {
    read_record(element, records.emplace_back());
    if (!failure && !ids.insert(records.back().id).second) element.fail("id", "an id that this file does not use twice");
    if (failure) break;
  }
  if (!failure) return Done{};
  records.erase(records.begin() + before, records.end());
  return std::move(*failure).within(file.place);
}

}  // namespace hardscape
