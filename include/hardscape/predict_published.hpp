// Speeds that others measured and published: data/measured/*.json, each row with its source.
//
// Read on first use (a few milliseconds); immutable afterwards, safe from any thread. Nothing here enters a
// prediction: the rows are what predictions are checked against and what a benchmark is shown beside.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hardscape {

struct PublishedSource {
  std::string url;
  std::string date;    // as the source says: "2025-08", "2024-05-12"
  std::string built;   // month of the engine's build where the source tells it and it is another: "2025-12"
  std::string grade;   // A: one author, one method or a scoreboard; B: consistent; C, D: self-reported
};

struct PublishedSpeed {
  const PublishedSource* source = nullptr;
  std::string hardware;
  std::string kind;       // "gpu", "apple", "cpu", "edge", "phone", "multi-gpu"
  int count = 1;
  std::string backend;
  std::string model;
  std::optional<double> params_b;         // 10^9
  std::optional<double> active_params_b;
  std::string quant;
  std::optional<double> file_gib;
  std::string test;       // "tg128", "pp512" ...
  std::string context;    // tokens or words, as in the source
  int batch = 1;
  double tokens_per_s = 0;
  std::optional<double> memory_gb;  // of the machine, where the source says it
  std::string flag;       // why the row should be read with care; empty: nothing known against it
};

std::span<const PublishedSpeed> published_speeds();

// Whether a row is fit to check a prediction with: one sequence, everything on the device, nothing known against it.
bool is_usable(const PublishedSpeed& row);
// And whether its source is one with a stated method (grade A or B+).
bool is_trusted(const PublishedSpeed& row);

// Rows of the same test kind ("tg" or "pp") whose hardware and model names contain these words, at most `most`.
std::vector<const PublishedSpeed*> closest_published(std::string_view hardware, std::string_view model,
                                                     std::string_view quant, std::string_view test_kind, std::size_t most = 5);

}  // namespace hardscape
