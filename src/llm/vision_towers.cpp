#include "llm/vision_towers.hpp"

#include <string>
#include <vector>

#include "llm/architecture.hpp"
#include "llm/data_file.hpp"

namespace hardscape::llm {
namespace {

// -1 stands for the language model's width.
struct Tower {
  std::string match, unknown;
  std::int64_t published = 0;
  std::int64_t layers = 0, width = 0, inner = 0, attention = 0, norms = 0, head_norms = 0;
  std::int64_t patch = 0, positions = 0, vectors = 0;
  bool gated = false, biases = false, norm_bias = false, patch_f32 = false;
  std::vector<std::pair<std::int64_t, std::int64_t>> matrices;
};

std::int64_t width_of(JsonValue value) { return value.integer().value_or(-1); }

Tower tower_from(const DataRow& row) {
  const auto count = [&row](const char* key) { return row.value(key, std::int64_t{0}); };
  Tower t;
  t.match = row.value("match", "");
  t.unknown = row.value("unknown", "");
  t.published = count("bytes");
  t.layers = count("layers");
  t.width = count("width");
  t.inner = count("inner");
  t.attention = row.value("attention", t.width);
  t.norms = count("norms");
  t.head_norms = count("head_norms");
  t.patch = count("patch");
  t.positions = count("positions");
  t.vectors = count("vectors");
  t.gated = row.value("gated", false);
  t.biases = row.value("biases", false);
  t.norm_bias = row.value("norm_bias", false);
  t.patch_f32 = row.value("patch_f32", false);
  for (const DataRow& matrix : row.rows("matrices")) {
    const auto sides = matrix.elements();
    if (sides.size() == 2) t.matrices.emplace_back(width_of(sides[0]), width_of(sides[1]));
  }
  return t;
}

const std::vector<Tower>& towers() {
  static const std::vector<Tower> rows = [] {
    std::vector<Tower> out;
    const DataFile file("architectures/vision_towers.json");
    for (const DataRow& row : file.rows("towers")) out.push_back(tower_from(row));
    return out;
  }();
  return rows;
}

VisionShape shape_of(const Tower& t, std::int64_t text) {
  const auto wide = [text](std::int64_t n) { return n < 0 ? text : n; };
  std::int64_t matrices = t.layers * (4 * t.width * t.attention + (t.gated ? 3 : 2) * t.width * t.inner);
  std::int64_t vectors = t.layers * (t.norms * t.width * (t.norm_bias ? 2 : 1) + t.head_norms);
  if (t.biases) vectors += t.layers * (3 * t.attention + t.width + t.inner + t.width);
  vectors += t.positions * t.width + t.vectors;
  (t.patch_f32 ? vectors : matrices) += t.patch;
  for (const auto& [columns, rows] : t.matrices) matrices += wide(columns) * wide(rows);
  VisionShape vision{static_cast<int>(t.layers), static_cast<int>(t.width), matrices + vectors, 2 * matrices + 4 * vectors};
  if (t.published > 0) vision.bytes = t.published;
  return vision;
}

}  // namespace

void set_vision(ModelShape& shape, std::string_view id) {
  for (const Tower& t : towers()) {
    if (!matches(t.match, id)) continue;
    shape.vision_unknown = t.unknown;
    if (t.layers > 0 || t.published > 0) shape.vision = shape_of(t, shape.hidden);
    return;
  }
}

}  // namespace hardscape::llm
