// Which models run on phones, boards and other devices in the field, how fast, and on how much energy.
//
// Memory and speed come from fit and predict; published measurements stand beside them with their source; what the
// neural processors can and cannot run is data (data/edge). Pure over the catalogue; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hardscape/catalogue.hpp"
#include "hardscape/provenance.hpp"
#include "hardscape/result.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

struct EdgeQuestion {
  std::vector<std::string> devices;   // keys of data/edge or catalogue ids; empty: the guide's eight
  std::vector<std::string> models;    // size classes or models of the catalogue; empty: 1.5B to 70B
  std::string quant = "Q4_K_M";       // where no quantisation stands at a model's end
  int context = 2048;                 // tokens

  friend bool operator==(const EdgeQuestion&, const EdgeQuestion&) = default;
};

// A speed that somebody published.
struct PublishedEdgeSpeed {
  TokensPerSecond tokens_per_s{0};
  std::string model, quant, engine;
  std::string url;
  bool on_npu = false;
  bool vendor_figure = false;

  friend bool operator==(const PublishedEdgeSpeed&, const PublishedEdgeSpeed&) = default;
};

struct EdgeCell {
  std::string size;                     // as asked: "7B"
  std::string model;                    // that stood for it
  std::string quant;
  std::string verdict;                  // "fits", "tight", "no"
  Bytes needed{0};
  std::optional<Bytes> left;            // of the usable memory, when it fits
  std::optional<Estimate> decode;       // tokens/s
  std::optional<double> joules_per_token;
  std::vector<PublishedEdgeSpeed> published;
  std::string why_not;

  friend bool operator==(const EdgeCell&, const EdgeCell&) = default;
};

struct EdgeRow {
  std::string key, device_id, name;
  Bytes memory{0};
  Bytes usable{0};
  Watts load{0};
  std::string load_source;
  std::string runs_on;                  // "CPU", "GPU"
  std::string npu;                      // id in EdgeMatrix::npus; may be empty
  std::string note;
  std::vector<EdgeCell> cells;

  friend bool operator==(const EdgeRow&, const EdgeRow&) = default;
};

struct NeuralProcessor {
  std::string id, name, found_in;
  std::optional<double> int8_tops;      // dense, where its vendor publishes it
  std::string tops_note;
  std::string language_models;          // "no", "converted", "on the GPU", "on the CPU", "built-in only"
  std::string runs, cannot;
  std::vector<std::string> runtimes;
  std::string source;

  friend bool operator==(const NeuralProcessor&, const NeuralProcessor&) = default;
};

struct EdgeMatrix {
  EdgeQuestion question;
  std::vector<std::string> sizes;
  std::vector<EdgeRow> rows;
  std::vector<NeuralProcessor> npus;    // those of the rows

  friend bool operator==(const EdgeMatrix&, const EdgeMatrix&) = default;
};

// Errors: a device or model that nobody knows, with the nearest names; a context that makes no sense.
Result<EdgeMatrix> edge_matrix(const EdgeQuestion& question, const Catalogue& catalogue);

// Keys that EdgeQuestion::devices takes beside catalogue ids.
std::vector<std::string> edge_device_keys();
// All of data/edge/npus.json.
const std::vector<NeuralProcessor>& neural_processors();

// The document hardscape.edge/1.
std::string to_json(const EdgeMatrix& matrix);

}  // namespace hardscape
