#include <algorithm>
#include <numeric>

#include "hardscape/document.hpp"
#include "report/layout.hpp"

namespace hardscape {
namespace {

constexpr std::size_t k_gap = 2;  // columns between table columns

class TextRenderer {
 public:
  explicit TextRenderer(const TextStyle& style) : style_(style), width_(static_cast<std::size_t>(std::max(style.width, 0))) {}

  std::string render(const Document& document) {
    for (const auto& block : document.blocks) {
      const std::size_t before = out_.size();
      const bool needs_gap = before > 0 && !after_heading_;
      if (needs_gap) out_ += '\n';
      after_heading_ = false;
      const std::size_t start = out_.size();
      std::visit([this](const auto& b) { (*this)(b); }, block);
      if (out_.size() == start) out_.resize(before);  // an empty block leaves no gap
    }
    return std::move(out_);
  }

  void operator()(const Heading& heading) {
    line(heading.text, Tone::strong);
    if (heading.level <= 1) line(repeated(style_.unicode ? "\xE2\x94\x80" : "-", rule_width(heading.text)), Tone::faint);
    after_heading_ = true;
  }

  void operator()(const Paragraph& paragraph) {
    for (const auto& text : wrap(paragraph.text.text, width_)) line(text, paragraph.text.tone);
  }

  void operator()(const Pairs& pairs) {
    std::size_t label = 0;
    for (const auto& row : pairs.rows) label = std::max(label, display_width(row.label));
    const std::size_t indent = label + k_gap + 2;
    const std::size_t room = width_ > indent + 8 ? width_ - indent : 0;
    for (const auto& row : pairs.rows) {
      bool first = true;
      for (const auto& text : wrap(row.value.text, room)) {
        out_ += "  " + toned(pad_right(first ? row.label : "", label), Tone::faint) + std::string(k_gap, ' ');
        out_ += toned(text, row.value.tone) + "\n";
        first = false;
      }
    }
  }

  void operator()(const Table& table) {
    if (table.columns.empty()) return;
    const auto widths = fit_columns(table);
    row_of(table, widths, [&](std::size_t c) { return Cell(table.columns[c].title, Tone::strong); });
    const std::size_t total = std::accumulate(widths.begin(), widths.end(), k_gap * (widths.size() - 1));
    line(repeated(style_.unicode ? "\xE2\x94\x80" : "-", total), Tone::faint);
    for (const auto& row : table.rows)
      row_of(table, widths, [&](std::size_t c) { return c < row.size() ? row[c] : Cell(); });
  }

  void operator()(const Bullets& bullets) {
    for (const auto& item : bullets.items) hanging(style_.unicode ? "\xE2\x80\xA2 " : "* ", item);
  }

  void operator()(const Preformatted& text) {
    out_ += text.text;
    if (!text.text.empty() && text.text.back() != '\n') out_ += '\n';
  }

  void operator()(const NoteBlock& block) {
    for (const auto& note : block.notes) {
      const bool mark = style_.unicode;
      const Tone tone = note.severity == Severity::error ? Tone::bad : note.severity == Severity::warning ? Tone::warn : Tone::faint;
      const std::string_view sign = note.severity == Severity::error     ? (mark ? "\xE2\x9C\x97 " : "x ")
                                    : note.severity == Severity::warning ? "! "
                                                                         : (mark ? "\xC2\xB7 " : "- ");
      hanging(sign, Cell(note.message, tone == Tone::faint ? Tone::plain : tone));
      if (note.advice) hanging(mark ? "  \xE2\x86\x92 " : "  -> ", Cell(*note.advice, Tone::faint));
    }
  }

 private:
  static std::string repeated(std::string_view unit, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += unit;
    return out;
  }

  std::size_t rule_width(std::string_view heading) const { return width_ == 0 ? display_width(heading) : width_; }

  std::string toned(std::string_view text, Tone tone) const {
    if (!style_.color || tone == Tone::plain || text.empty()) return std::string(text);
    const std::string_view code = tone == Tone::good   ? "\x1b[32m"
                                  : tone == Tone::warn ? "\x1b[33m"
                                  : tone == Tone::bad  ? "\x1b[31m"
                                  : tone == Tone::faint ? "\x1b[2m"
                                                        : "\x1b[1m";
    return std::string(code) + std::string(text) + "\x1b[0m";
  }

  void line(std::string_view text, Tone tone) { out_ += toned(text, tone) + "\n"; }

  void hanging(std::string_view mark, const Cell& item) {
    const std::size_t indent = 2 + display_width(mark);
    const std::size_t room = width_ > indent + 8 ? width_ - indent : 0;
    bool first = true;
    for (const auto& text : wrap(item.text, room)) {
      out_ += first ? "  " + std::string(mark) : std::string(indent, ' ');
      out_ += toned(text, item.tone) + "\n";
      first = false;
    }
  }

  // Natural widths, then the columns that may shrink give way, widest first, until the table fits.
  std::vector<std::size_t> fit_columns(const Table& table) const {
    std::vector<std::size_t> widths;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      std::size_t most = display_width(table.columns[c].title);
      for (const auto& row : table.rows)
        if (c < row.size()) most = std::max(most, display_width(row[c].text));
      widths.push_back(most);
    }
    if (width_ == 0) return widths;
    constexpr std::size_t k_least = 8;
    for (;;) {
      const std::size_t total = std::accumulate(widths.begin(), widths.end(), k_gap * (widths.size() - 1));
      if (total <= width_) return widths;
      std::size_t widest = widths.size();
      for (std::size_t c = 0; c < widths.size(); ++c)
        if (table.columns[c].may_shrink && widths[c] > k_least && (widest == widths.size() || widths[c] > widths[widest])) widest = c;
      if (widest == widths.size()) return widths;
      --widths[widest];
    }
  }

  template <class CellAt>
  void row_of(const Table& table, const std::vector<std::size_t>& widths, CellAt cell_at) {
    std::string text;
    for (std::size_t c = 0; c < widths.size(); ++c) {
      const Cell cell = cell_at(c);
      const std::string cut = width_ == 0 ? cell.text : cut_to(cell.text, widths[c], style_.unicode);
      const bool last = c + 1 == widths.size();
      std::string padded = table.columns[c].align == Align::right ? pad_left(cut, widths[c]) : last ? cut : pad_right(cut, widths[c]);
      text += toned(padded, cell.tone);
      if (!last) text += std::string(k_gap, ' ');
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    out_ += text + "\n";
  }

  TextStyle style_;
  std::size_t width_;
  std::string out_;
  bool after_heading_ = false;
};

}  // namespace

std::string render_text(const Document& document, const TextStyle& style) { return TextRenderer(style).render(document); }

}  // namespace hardscape
