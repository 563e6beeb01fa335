#include "api/csv.hpp"

#include <fmt/format.h>

namespace hardscape {
namespace {

constexpr std::size_t k_most_fields = 1000;
constexpr std::size_t k_most_rows = 5'000'000;

}  // namespace

Result<std::vector<CsvRow>> parse_csv(std::string_view text, std::string_view place) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  std::vector<CsvRow> rows;
  CsvRow row;
  std::string field;
  std::size_t line = 1;
  std::size_t row_line = 1;
  bool quoted = false;
  bool any = false;  // something stands in this row
  const auto wrong = [&](std::string_view what) {
    return Error{ErrorCode::malformed, fmt::format("{}: line {}: {}", place, row_line, what)};
  };
  const auto end_row = [&]() -> Result<Done> {
    if (!any && row.empty() && field.empty()) return Done{};
    row.push_back(std::move(field));
    field.clear();
    if (!rows.empty() && row.size() != rows.front().size())
      return wrong(fmt::format("{} fields, expected {} as in the header", row.size(), rows.front().size()));
    rows.push_back(std::move(row));
    row.clear();
    any = false;
    if (rows.size() > k_most_rows) return wrong("more rows than can be read at once");
    return Done{};
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        field += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        field += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"' && field.empty()) {
      quoted = true;
      any = true;
    } else if (c == ',') {
      row.push_back(std::move(field));
      field.clear();
      any = true;
      if (row.size() > k_most_fields) return wrong("more fields than any table has");
    } else if (c == '\n') {
      if (auto done = end_row(); !done) return done.error();
      row_line = line;
    } else if (c != '\r') {
      field += c;
      any = true;
    }
  }
  if (quoted) return wrong("a quoted field is not closed");
  if (auto done = end_row(); !done) return done.error();
  return rows;
}

std::string csv_line(const CsvRow& row) {
  std::string out;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) out += ',';
    if (row[i].find_first_of(",\"\r\n") == std::string::npos) {
      out += row[i];
      continue;
    }
    out += '"';
    for (const char c : row[i]) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  return out + "\n";
}

}  // namespace hardscape
