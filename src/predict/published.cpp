#include "hardscape/predict_published.hpp"

#include <algorithm>
#include <array>
#include <deque>

#include "base/embedded.hpp"
#include "base/json_reading.hpp"
#include "base/text.hpp"

namespace hardscape {
namespace {

struct Published {
  std::deque<PublishedSource> sources;  // rows point into it
  std::vector<PublishedSpeed> rows;
};

using Cells = std::vector<JsonValue>;

std::string text_at(const Cells& row, std::size_t column) {
  return column < row.size() ? std::string{row[column].text()} : std::string{};
}
std::optional<double> number_at(const Cells& row, std::size_t column) {
  if (column < row.size() && row[column].is_number()) return row[column].number();
  return std::nullopt;
}

void read_file(const JsonReader& file, Published& out) {
  constexpr std::array k_columns{"hardware", "kind",   "count",   "backend", "model", "params_b",     "active_params_b",
                                 "quant",    "file_gib", "test",  "context", "batch", "tokens_per_s", "flag", "memory_gb"};
  std::array<std::size_t, k_columns.size()> place{};
  const auto columns = file.texts("columns");
  for (std::size_t i = 0; i < k_columns.size(); ++i)
    place[i] = static_cast<std::size_t>(std::find(columns.begin(), columns.end(), k_columns[i]) - columns.begin());
  for (const auto& source : file.array("sources")) {
    out.sources.push_back({source.text("url").value_or(""), source.text("date").value_or(""), source.text("built").value_or(""),
                           source.text("grade").value_or("")});
    const auto rows = source.json().find("rows");
    for (const auto& cells : rows ? rows->elements() : Cells{}) {
      const auto row = cells.elements();
      PublishedSpeed speed;
      speed.source = &out.sources.back();
      speed.hardware = text_at(row, place[0]);
      speed.kind = text_at(row, place[1]);
      speed.count = static_cast<int>(number_at(row, place[2]).value_or(1));
      speed.backend = text_at(row, place[3]);
      speed.model = text_at(row, place[4]);
      speed.params_b = number_at(row, place[5]);
      speed.active_params_b = number_at(row, place[6]);
      speed.quant = text_at(row, place[7]);
      speed.file_gib = number_at(row, place[8]);
      speed.test = text_at(row, place[9]);
      speed.context = text_at(row, place[10]);
      speed.batch = static_cast<int>(number_at(row, place[11]).value_or(1));
      speed.tokens_per_s = number_at(row, place[12]).value_or(0);
      speed.flag = text_at(row, place[13]);
      speed.memory_gb = number_at(row, place[14]);
      out.rows.push_back(std::move(speed));
    }
  }
}

const Published& published() {
  static const Published k_published = [] {
    Published out;
    for (std::size_t i = 0; i < k_data_files_count; ++i) {
      if (std::string_view{k_data_files[i].name}.substr(0, 9) != "measured/") continue;
      std::optional<Error> wrong;
      if (const auto file = JsonDocument::parse(k_data_files[i].text(), k_data_files[i].name))
        read_file({file->root(), "", wrong}, out);
    }
    return out;
  }();
  return k_published;
}

}  // namespace

std::span<const PublishedSpeed> published_speeds() { return published().rows; }

bool is_usable(const PublishedSpeed& row) {
  // Words of the flags that say that something other than the device decided the speed.
  constexpr std::array k_against{"OUTLIER",  "CHECK", "host",    "superseded", "weights larger", "weights near", "swap", "paging",
                                 "MoltenVK", "thread", "battery", "effective-param", "two machines", "1-bit", "pre-optim",
                                 "early build", "eGPU", "engine overhead", "2-4 threads", "special", "slowed"};
  if (row.batch != 1 || !(row.tokens_per_s > 0)) return false;
  if (contains_ignoring_case(row.test, "offload") || contains_ignoring_case(row.test, "aggregate")) return false;
  if (contains_ignoring_case(row.backend, "cuda+cpu") || contains_ignoring_case(row.backend, "RPC") ||
      contains_ignoring_case(row.backend, "distributed") || contains_ignoring_case(row.backend, "threads"))
    return false;
  for (const std::string_view word : k_against)
    if (contains_ignoring_case(row.flag, word)) return false;
  return true;
}

bool is_trusted(const PublishedSpeed& row) {
  const std::string_view grade = row.source->grade;
  return is_usable(row) && !grade.empty() && (grade[0] == 'A' || grade == "B+");
}

std::vector<const PublishedSpeed*> closest_published(std::string_view hardware, std::string_view model, std::string_view quant,
                                                     std::string_view test_kind, std::size_t most) {
  struct Match {
    int distance;
    const PublishedSpeed* row;
  };
  std::vector<Match> matches;
  for (const auto& row : published_speeds()) {
    if (!is_usable(row) || row.test.substr(0, test_kind.size()) != test_kind) continue;
    if (!contains_ignoring_case(row.hardware, hardware) && !contains_ignoring_case(hardware, row.hardware)) continue;
    const bool same_model = contains_ignoring_case(row.model, model) || contains_ignoring_case(model, row.model);
    const bool same_quant = equal_ignoring_case(row.quant, quant);
    matches.push_back({(same_model ? 0 : 2) + (same_quant ? 0 : 1), &row});
  }
  std::stable_sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return a.distance < b.distance; });
  std::vector<const PublishedSpeed*> rows;
  for (const auto& match : matches) {
    if (rows.size() == most) break;
    rows.push_back(match.row);
  }
  return rows;
}

}  // namespace hardscape
