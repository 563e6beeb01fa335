#include "report/layout.hpp"

#include <cstdint>

#include "base/text.hpp"

namespace hardscape {
namespace {

struct Glyph {
  std::size_t bytes;
  std::size_t columns;
};

Glyph glyph_at(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  std::uint32_t code = byte(0);
  std::size_t length = 1;
  if (code >= 0xF0 && text.size() >= 4) {
    code = (code & 7u) << 18 | (byte(1) & 0x3Fu) << 12 | (byte(2) & 0x3Fu) << 6 | (byte(3) & 0x3Fu);
    length = 4;
  } else if (code >= 0xE0 && text.size() >= 3) {
    code = (code & 0xFu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
    length = 3;
  } else if (code >= 0xC0 && text.size() >= 2) {
    code = (code & 0x1Fu) << 6 | (byte(1) & 0x3Fu);
    length = 2;
  }
  const bool combining = (code >= 0x300 && code < 0x370) || (code >= 0x200B && code <= 0x200D) || code == 0xFE0F;
  const bool wide = (code >= 0x1100 && code < 0x1160) || (code >= 0x2E80 && code < 0xA4D0) ||
                    (code >= 0xAC00 && code < 0xD7A4) || (code >= 0xF900 && code < 0xFB00) ||
                    (code >= 0xFF00 && code < 0xFF61) || (code >= 0x1F300 && code < 0x1FAFF);
  return {length, combining ? 0u : wide ? 2u : 1u};
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Glyph glyph = glyph_at(text);
    columns += glyph.columns;
    text.remove_prefix(glyph.bytes);
  }
  return columns;
}

std::string cut_to(std::string_view text, std::size_t width, bool unicode) {
  if (display_width(text) <= width) return std::string(text);
  const std::string_view mark = unicode ? "\xE2\x80\xA6" : "...";
  const std::size_t mark_width = unicode ? 1 : 3;
  if (width <= mark_width) return std::string(unicode ? mark : mark.substr(0, width));
  std::string out;
  std::size_t columns = 0;
  while (!text.empty()) {
    const Glyph glyph = glyph_at(text);
    if (columns + glyph.columns + mark_width > width) break;
    out += text.substr(0, glyph.bytes);
    columns += glyph.columns;
    text.remove_prefix(glyph.bytes);
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out + std::string(mark);
}

std::string pad_right(std::string_view text, std::size_t width) {
  const std::size_t have = display_width(text);
  return std::string(text) + std::string(have < width ? width - have : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::size_t have = display_width(text);
  return std::string(have < width ? width - have : 0, ' ') + std::string(text);
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  if (width == 0) return {std::string(text)};
  std::vector<std::string> lines;
  std::string line;
  std::size_t columns = 0;
  for (std::string_view word : split_words(text)) {
    std::size_t length = display_width(word);
    if (!line.empty() && columns + 1 + length > width) {
      lines.push_back(std::move(line));
      line.clear();
      columns = 0;
    }
    while (length > width) {
      std::string_view rest = word;
      std::string head;
      std::size_t taken = 0;
      while (!rest.empty() && taken + glyph_at(rest).columns <= width) {
        const Glyph glyph = glyph_at(rest);
        head += rest.substr(0, glyph.bytes);
        taken += glyph.columns;
        rest.remove_prefix(glyph.bytes);
      }
      if (head.empty()) break;
      lines.push_back(std::move(head));
      word = rest;
      length = display_width(word);
    }
    if (!line.empty()) {
      line += ' ';
      ++columns;
    }
    line += word;
    columns += length;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace hardscape
