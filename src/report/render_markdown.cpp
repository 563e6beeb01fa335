#include "hardscape/document.hpp"

namespace hardscape {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '`' || c == '*' || c == '_' || c == '<' || c == '[') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

struct MarkdownRenderer {
  std::string out;

  void operator()(const Heading& heading) {
    out += std::string(static_cast<std::size_t>(heading.level < 1 ? 1 : heading.level), '#') + " " + escaped(heading.text) + "\n";
  }
  void operator()(const Paragraph& paragraph) { out += escaped(paragraph.text.text) + "\n"; }
  void operator()(const Pairs& pairs) {
    for (const auto& row : pairs.rows) out += "- **" + escaped(row.label) + ":** " + escaped(row.value.text) + "\n";
  }
  void operator()(const Table& table) {
    if (!table.name.empty()) out += "**" + escaped(table.name) + "**\n\n";
    for (const auto& column : table.columns) out += "| " + escaped(column.title) + " ";
    out += "|\n";
    for (const auto& column : table.columns) out += column.align == Align::right ? "| ---: " : "| --- ";
    out += "|\n";
    for (const auto& row : table.rows) {
      for (std::size_t c = 0; c < table.columns.size(); ++c) out += "| " + escaped(c < row.size() ? row[c].text : "") + " ";
      out += "|\n";
    }
  }
  void operator()(const Bullets& bullets) {
    for (const auto& item : bullets.items) out += "- " + escaped(item.text) + "\n";
  }
  void operator()(const Preformatted& text) {
    out += "```\n" + text.text + (text.text.empty() || text.text.back() != '\n' ? "\n" : "") + "```\n";
  }
  void operator()(const NoteBlock& block) {
    for (const auto& note : block.notes)
      out += "- **" + std::string(to_string(note.severity)) + "** " + escaped(note.message) +
             (note.advice ? " " + escaped(*note.advice) : "") + "\n";
  }
};

}  // namespace

std::string render_markdown(const Document& document) {
  std::string text;
  for (const auto& block : document.blocks) {
    MarkdownRenderer renderer;
    std::visit(renderer, block);
    if (renderer.out.empty()) continue;
    if (!text.empty()) text += '\n';
    text += renderer.out;
  }
  return text;
}

}  // namespace hardscape
