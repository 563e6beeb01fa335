// Real inference, timed: load, prefill, time to first token, decode, memory, energy (document hardscape.bench/1).
//
// Rates are tokens per second of one sequence. Each is timed on its own; none is derived from another's mean.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/host.hpp"
#include "hardscape/machine.hpp"
#include "hardscape/provenance.hpp"
#include "hardscape/result.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

struct BenchOptions {
  std::string model_path;              // GGUF file
  std::optional<std::string> prompt;   // tokenised and decoded greedily; else random tokens, as llama-bench does
  int prompt_tokens = 512;             // when there is no prompt
  int max_tokens = 128;                // generated in each run
  int runs = 5;
  int depth = 0;                       // tokens already in context before the prompt
  std::optional<int> threads;          // default: physical cores that this process may use
  bool threads_by_default = false;     // nobody asked for that number
  bool cpu_only = false;
  std::optional<int> gpu_layers;       // default: all
  int batch = 2048;
  int ubatch = 512;
  std::string kv_type = "f16";
  std::optional<bool> flash_attention; // default: the engine decides
  std::optional<Bytes> memory_available;  // a larger model is refused before it is loaded
};

struct EngineDevice {
  std::string name;
  std::string description;
  std::string backend;                 // "CPU", "CUDA", "Vulkan" ...
  std::string kind;                    // "cpu", "gpu", "igpu", "accel"
  std::string pci;                     // "0000:01:00.0"; empty where the engine does not say
  std::optional<Bytes> memory_total;
  std::optional<Bytes> memory_free;
};

struct EngineInfo {
  std::string name;                    // "llama.cpp"
  std::string version;
  std::string backend;                 // what the weights run on
  std::vector<EngineDevice> devices;
  std::vector<std::string> cpu_features;
  int threads = 0;
};

struct BenchModel {
  std::string path;
  std::string description;             // as the engine says: "llama 8B Q4_K - Medium"
  std::string architecture;
  std::int64_t params = 0;
  Bytes weights;
  bool synthetic = false;
  // What the engine does not say; left empty where nobody knows.
  std::string catalogue_id;            // of the catalogue's model with this shape
  std::string quant;                   // "Q4_K_M"
  std::optional<std::int64_t> active_params;
};

// One run, in seconds as timed.
struct BenchSample {
  double prefill_s = 0;
  double time_to_first_token_s = 0;    // prompt in, first token chosen
  double decode_s = 0;                 // for the tokens after the first
  double total_s = 0;
  int prompt_tokens = 0;
  int generated_tokens = 0;
  std::optional<double> energy_j;      // of what energy_of names, while decoding
  bool disturbed = false;              // somebody else used the machine meanwhile
};

// median, mean, stddev, min, max over the undisturbed runs (over all, when none was undisturbed).
struct BenchStatistic {
  double median = 0, mean = 0, stddev = 0, min = 0, max = 0;
};

// A published measurement close to this one.
struct BenchReference {
  std::string hardware, backend, model, quant, source, date;
  double tokens_per_s = 0;
  double ratio = 0;                    // ours over theirs
  bool similar_hardware = false;
};

// How near decoding came to what memory can deliver.
struct MemoryRoof {
  std::string device;                  // "cpu", "gpu0"
  std::string kernel;                  // "read", "triad" ...
  BytesPerSecond bandwidth{};          // measured
  double share = 0;                    // of it that decoding drew: tokens/s x bytes a token
  std::string source;                  // "history entry 3 of 2026-11-24", "measured with this benchmark"
  bool disturbed = false;              // others used the memory meanwhile: it can do at least this
};

// A shorter version of the model that was really run.
struct BenchPoint {
  int layers = 0;
  Bytes weights;
  Bytes bytes_per_token;
  double prefill_flop = 0;             // of the whole prompt
  double decode_s = 0;                 // a token, median
  double prefill_s = 0;                // the prompt, median
  double noise = 0;                    // relative standard deviation of decode_s
  double prefill_noise = 0;            // of prefill_s
};

// What two shorter versions say about the whole; see docs/models.md, section Bench.
struct BenchExtrapolation {
  int layers = 0;                      // of the whole
  std::vector<BenchPoint> points;      // the shorter first
  Estimate decode_tokens_per_s;
  Estimate prefill_tokens_per_s;
};

struct BenchReport {
  EngineInfo engine;
  BenchModel model;
  BenchOptions options;
  int prompt_tokens = 0;
  int generated_tokens = 0;
  double load_s = 0;
  BenchStatistic time_to_first_token_s, prefill_tokens_per_s, decode_tokens_per_s, total_s;
  Bytes peak_memory;                                // resident set of this process
  std::optional<Bytes> peak_device_memory;          // of all accelerators, above what was in use before
  std::optional<bool> flash_attention;              // used; nothing where the engine does not say
  std::optional<double> joules_per_token;
  std::string energy_of;                            // "processor package", "GPU", "processor package and GPU"; empty: unknown
  std::optional<Bytes> bytes_per_token;             // read to decode one, half-way through: weights, keys and values
  std::optional<MemoryRoof> memory_roof;
  std::optional<BenchExtrapolation> extrapolation;  // then no run was of this model itself
  std::optional<std::string> text;                  // what was generated for a prompt
  std::vector<BenchSample> samples;
  int repeated = 0;                                 // runs thrown away because they were disturbed
  std::vector<BenchReference> references;
  std::vector<Note> notes;
};

// Called with a sentence and a fraction 0..1 when something starts; may be empty.
using BenchProgress = std::function<void(std::string_view what, double done)>;
// Polled between batches and tokens; true ends the run with an error.
using StopRequested = std::function<bool()>;

// Runs the embedded engine. unavailable: this build or machine has none (the message says how to get it);
// not_found, malformed: the model file; invalid_argument: larger than memory, options that clash.
Result<BenchReport> run_bench(const Host& host, const BenchOptions& options, const BenchProgress& progress = {},
                              const StopRequested& stop = {});

// Threads that are used when nobody says: one a core that this process may use, of hybrid parts the fast ones, and no more
// than a quota of processor time keeps running: threads that wait for one another stand still while one is throttled.
int default_threads(const Machine& machine, std::optional<double> quota = std::nullopt);
// Release of the engine that run_bench() would open, by its file name ("0.5.0"); nothing is opened. Empty: unknown.
std::string engine_release(const Host& host);
// "Q4_K_M" of the engine's "llama 8B Q4_K - Medium".
std::string quantisation_in(std::string_view description);

BenchStatistic statistic_of(const std::vector<double>& values);
// The document; `machine` is embedded in it.
std::string to_json(const BenchReport& report, const Machine& machine);

}  // namespace hardscape
