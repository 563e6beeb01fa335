#include <cctype>

#include "base/text.hpp"
#include "hardscape/predict_backend.hpp"
#include "predict/data_file.hpp"

namespace hardscape {
namespace {

constexpr std::string_view k_kind_names[] = {"float32", "float16", "eight_bit", "four_bit", "k_quant", "codebook"};

struct FormatRow {
  std::string name;  // compared with the letters and digits of what was written, in lower case
  Quantisation value;
  bool anywhere = false;  // may stand inside a longer name
};

std::string letters_and_digits(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) != 0) out += static_cast<char>(std::tolower(u));
  }
  return out;
}

WeightKind kind_from(std::string_view name) {
  for (std::size_t i = 0; i < std::size(k_kind_names); ++i)
    if (k_kind_names[i] == name) return static_cast<WeightKind>(i);
  return WeightKind::four_bit;
}

std::vector<FormatRow> load_formats() {
  std::vector<FormatRow> rows;
  predict::DataFile file("backends/quantisations.json");
  for (const auto& record : file.root().array("quantisations")) {
    const Quantisation value{kind_from(record.text("kind").value_or("")), record.number("bits_per_weight").value_or(0),
                             record.text("mix").value_or("")};
    for (const auto& name : record.texts("names"))
      rows.push_back({letters_and_digits(name), value, record.flag("anywhere").value_or(false)});
  }
  return rows;
}

// "EXL2 4.25bpw": the width is in the name.
std::optional<double> bits_in(std::string_view text) {
  const auto at = to_lower(text).find("bpw");
  if (at == std::string::npos) return std::nullopt;
  auto begin = at;
  while (begin > 0 && (std::isdigit(static_cast<unsigned char>(text[begin - 1])) != 0 || text[begin - 1] == '.')) --begin;
  return parse_number(text.substr(begin, at - begin));
}

}  // namespace

std::string_view to_string(WeightKind kind) { return k_kind_names[static_cast<std::size_t>(kind)]; }

std::optional<Quantisation> quantisation(std::string_view name) {
  static const std::vector<FormatRow> k_rows = load_formats();
  if (const auto bits = bits_in(name); bits && *bits >= 1 && *bits <= 32) return Quantisation{WeightKind::four_bit, *bits, {}};
  const std::string wanted = letters_and_digits(name);
  // What is said first are the weights; what follows are activations, embeddings: "4bit-float16", "INT4 (mixed, int8 embed)".
  const FormatRow* best = nullptr;
  std::size_t first = std::string::npos;
  for (const auto& row : k_rows) {
    if (row.name == wanted) return row.value;
    const auto at = row.anywhere ? wanted.find(row.name) : std::string::npos;
    if (at == std::string::npos || at > first || (at == first && row.name.size() <= best->name.size())) continue;
    best = &row;
    first = at;
  }
  if (best == nullptr) return std::nullopt;
  return best->value;
}

}  // namespace hardscape
