// How far predictions lie from published measurements, and the parameters fitted to them.
//
//   hardscape_accuracy [--data DIR]   report, to standard output; DIR overlays the catalogue
//   hardscape_accuracy --rows FILE    also every row with its error, as CSV
//   hardscape_accuracy --write        also data/backends/{parameters,spreads}.json and the tables of docs/accuracy.md
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string_view>

#include "fit.hpp"
#include "report.hpp"
#include "sample.hpp"
#include "serving.hpp"
#include "spreads.hpp"

namespace {

using namespace hardscape;
using namespace hardscape::accuracy;

constexpr std::size_t k_fewest_rows = 6;
constexpr std::string_view k_marker = "<!-- written by hardscape_accuracy below this line -->\n";

CalibrationPoint as_point(const Sample& sample) {
  return {sample.question.model, sample.question.work, sample.question.prefill, sample.row->tokens_per_s, sample.question.split};
}

// Three points of a machine calibrate the others; parameters must be those that left the machine out.
void calibrate_machines(std::vector<Sample>& samples, int fold) {
  std::map<std::string, std::vector<Sample*>> machines;
  for (auto& sample : samples)
    if (sample.fold == fold && !sample.question.prefill && sample.question.devices.size() == 1 && sample.row->count == 1)
      machines[sample.row->hardware + sample.row->backend + sample.row->source->url].push_back(&sample);
  for (auto& [name, rows] : machines) {
    if (rows.size() < k_fewest_rows) continue;
    std::stable_sort(rows.begin(), rows.end(), [](const Sample* a, const Sample* b) {
      return a->question.model.read_bytes < b->question.model.read_bytes;
    });
    const std::vector<CalibrationPoint> points{as_point(*rows.front()), as_point(*rows[rows.size() / 2]), as_point(*rows.back())};
    const Backend& backend = *find_backend(rows.front()->question.backend.id);
    const auto calibration = calibrate(rows.front()->device(), backend, points);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i == 0 || i == rows.size() / 2 || i + 1 == rows.size()) continue;
      const auto& q = rows[i]->question;
      const auto speed = predict_decode(rows[i]->device(), q.model, q.work, backend, q.split, calibration);
      if (speed) rows[i]->calibrated = std::log(speed->tokens_per_s.mid / rows[i]->row->tokens_per_s);
    }
  }
}

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_all(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

}  // namespace

int main(int argc, char** argv) {
  bool write = false;
  std::string rows_file;
  auto catalogue = Catalogue::built_in();
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--write") {
      write = true;
    } else if (argument == "--rows" && i + 1 < argc) {
      rows_file = argv[++i];
    } else if (argument == "--data" && i + 1 < argc) {
      auto overlay = Catalogue::with_overlay(argv[++i]);
      if (!overlay) {
        fmt::print(stderr, "{}\n", overlay.error().message);
        return 3;
      }
      catalogue = *std::move(overlay);
    } else {
      fmt::print(stderr, "usage: hardscape_accuracy [--write] [--rows FILE] [--data DIR]\n");
      return 2;
    }
  }
  auto samples = collect(catalogue);
  for (int fold = 0; fold < samples.folds; ++fold) {
    fit(samples.rows, [fold](const Sample& s) { return s.fold != fold; });
    for (auto& sample : samples.rows)
      if (sample.fold == fold) sample.log_ratio = std::log(predicted(sample) / sample.row->tokens_per_s);
    for (auto& sample : samples.slowed)
      if (sample.fold == fold) sample.log_ratio = std::log(predicted(sample) / sample.row->tokens_per_s);
    calibrate_machines(samples.rows, fold);
  }
  std::vector<bool> inside(samples.rows.size());
  const auto widen = widening(samples.rows, samples.folds);
  for (int fold = 0; fold < samples.folds; ++fold) {
    const auto rows = spreads(samples.rows, widen, fold);
    for (std::size_t i = 0; i < samples.rows.size(); ++i) {
      const auto& sample = samples.rows[i];
      if (sample.fold != fold) continue;
      const auto* spread = find_spread(rows, sample);
      const double factor = std::exp(-sample.log_ratio);
      inside[i] = spread != nullptr && factor >= spread->low && factor <= spread->high;
    }
  }
  std::string text = report(samples, inside);
  fmt::print("{}", text);
  if (!rows_file.empty()) write_all(rows_file, rows_as_csv(samples, inside));
  if (!write) {
    fmt::print("{}", serving_report(catalogue));
    return 0;
  }
  fit(samples.rows, [](const Sample&) { return true; });
  const std::string root = HARDSCAPE_SOURCE_DIR;
  write_all(root + "/data/backends/parameters.json", parameters_as_json(samples.rows));
  write_all(root + "/data/backends/spreads.json", spreads_as_json(spreads(samples.rows, widen), serving_spread(catalogue)));
  text += serving_report(catalogue);
  const std::string page = read_all(root + "/docs/accuracy.md");
  const auto at = page.find(k_marker);
  write_all(root + "/docs/accuracy.md", (at == std::string::npos ? page : page.substr(0, at)) + std::string{k_marker} + "\n" + text);
  return 0;
}
