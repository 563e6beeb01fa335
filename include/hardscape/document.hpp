// What a command has to say, before anybody decides how it looks.
//
// A Document is blocks in reading order; renderers turn it into terminal text, Markdown or CSV. JSON
// documents are made from the values themselves (to_json functions), not from this.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hardscape/machine.hpp"

namespace hardscape {

enum class Tone { plain, good, warn, bad, faint, strong };
enum class Align { left, right };

struct Cell {
  std::string text;
  Tone tone = Tone::plain;

  Cell() = default;
  Cell(std::string t, Tone how = Tone::plain) : text(std::move(t)), tone(how) {}  // NOLINT(google-explicit-constructor)
  Cell(const char* t, Tone how = Tone::plain) : text(t), tone(how) {}             // NOLINT(google-explicit-constructor)
  friend bool operator==(const Cell&, const Cell&) = default;
};

struct Column {
  std::string title;
  Align align = Align::left;
  bool may_shrink = false;  // cut with an ellipsis or wrapped when the terminal is too narrow

  friend bool operator==(const Column&, const Column&) = default;
};

struct Heading {
  std::string text;
  int level = 1;
  friend bool operator==(const Heading&, const Heading&) = default;
};
struct Paragraph {
  Cell text;
  friend bool operator==(const Paragraph&, const Paragraph&) = default;
};
// Label and value lines, labels aligned.
struct Pairs {
  struct Row {
    std::string label;
    Cell value;
    friend bool operator==(const Row&, const Row&) = default;
  };
  std::vector<Row> rows;
  friend bool operator==(const Pairs&, const Pairs&) = default;
};
struct Table {
  std::string name;  // CSV section name and Markdown caption; may be empty
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  friend bool operator==(const Table&, const Table&) = default;
};
struct Bullets {
  std::vector<Cell> items;
  friend bool operator==(const Bullets&, const Bullets&) = default;
};
// Verbatim lines: shell commands to try, ASCII plots.
struct Preformatted {
  std::string text;
  friend bool operator==(const Preformatted&, const Preformatted&) = default;
};
struct NoteBlock {
  std::vector<Note> notes;
  friend bool operator==(const NoteBlock&, const NoteBlock&) = default;
};

using Block = std::variant<Heading, Paragraph, Pairs, Table, Bullets, Preformatted, NoteBlock>;

struct Document {
  std::vector<Block> blocks;
  friend bool operator==(const Document&, const Document&) = default;
};

struct TextStyle {
  int width = 80;       // columns; 0 means do not wrap (a pipe)
  bool color = false;   // ANSI colours
  bool unicode = true;  // else plain ASCII
};

std::string render_text(const Document& document, const TextStyle& style = {});
std::string render_markdown(const Document& document);
// Tables and label-value blocks, quoted as in RFC 4180 with plain line ends; one header line each, an empty line between.
std::string render_csv(const Document& document);

}  // namespace hardscape
