#include "hardscape/document.hpp"

namespace hardscape {
namespace {

std::string field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

}  // namespace

std::string render_csv(const Document& document) {
  std::string text;
  for (const auto& block : document.blocks) {
    // A sheet of label and value is a table too: a person who asks for CSV gets every number.
    Table sheet;
    if (const auto* pairs = std::get_if<Pairs>(&block)) {
      sheet.columns = {{"field"}, {"value"}};
      for (const auto& row : pairs->rows) sheet.rows.push_back({row.label, row.value});
    } else if (const auto* table = std::get_if<Table>(&block)) {
      sheet = *table;
    }
    if (sheet.columns.empty()) continue;
    if (!text.empty()) text += "\n";
    for (std::size_t c = 0; c < sheet.columns.size(); ++c) text += (c ? "," : "") + field(sheet.columns[c].title);
    text += "\n";
    for (const auto& row : sheet.rows) {
      for (std::size_t c = 0; c < sheet.columns.size(); ++c) text += (c ? "," : "") + field(c < row.size() ? row[c].text : "");
      text += "\n";
    }
  }
  return text;
}

}  // namespace hardscape
