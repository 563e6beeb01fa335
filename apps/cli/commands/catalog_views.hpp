// How catalogue records look: lists, one record with its sources, several side by side.
#pragma once

#include <string_view>
#include <vector>

#include "hardscape/catalogue_fields.hpp"
#include "hardscape/document.hpp"

namespace hardscape::cli {

// Short columns that fit 80 of them; unverified figures carry a question mark.
Document list_view(std::string_view kind, const std::vector<Record>& records);
// Every field of every record as plain values, for spreadsheets.
Document sheet_view(std::string_view kind, const std::vector<Record>& records);
// One record: each figure with its source, date and confidence, and what others printed.
Document record_view(const Record& record, const Catalogue& catalogue);
Document comparison_view(const std::vector<Record>& records);

}  // namespace hardscape::cli
