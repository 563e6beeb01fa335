// How fast a model runs, before anybody has run it, and how sure that is.
//
// One model of time for every device: weights and keys read against memory bandwidth, arithmetic against the rates
// that the back end really uses, launches and synchronisation per layer and per token. The parameters of back ends
// and architectures are rows in data/backends; each is an efficiency (at most 1) or a time. Pure functions over plain
// values, safe to call from any thread; one prediction takes about a microsecond and allocates nothing but its result.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/machine.hpp"
#include "hardscape/predict_backend.hpp"
#include "hardscape/provenance.hpp"
#include "hardscape/result.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

struct ModelRecord;
struct ModelShape;
struct ModelWeights;

// For intervals and reports: what kind of thing computes.
enum class DeviceClass { gpu, integrated_gpu, apple, cpu, board, phone, npu };
std::string_view to_string(DeviceClass device_class);

// One device as the speed model sees it. A rate that nobody published is filled in from the class (see
// data/backends/device_classes.json) and marked as assumed; a device without bandwidth is no ComputeDevice.
struct ComputeDevice {
  std::string id;                 // "gpu0", "cpu0": as in Machine
  std::string name;
  std::string vendor;
  DeviceClass device_class = DeviceClass::gpu;
  const Architecture* architecture = nullptr;  // row of data/backends/architectures.json; none: factors of 1
  BytesPerSecond bandwidth{};
  FlopsPerSecond vector{};        // FP32 outside matrix units
  FlopsPerSecond matrix{};        // FP16 on what the device has for matrices
  FlopsPerSecond matrix_wide_sums{};  // the same with sums in FP32, where that is slower; 0: no slower
  std::optional<Bytes> memory;    // absent: nobody knows, nothing is refused for lack of it
  BytesPerSecond link{};          // to the host or to its neighbours, one direction
  Seconds link_latency{};         // of one message between neighbours
  bool rates_assumed = false;     // vector or matrix come from the class
  Origin basis = Origin::catalogued;
};

// What the choice of an engine calls such a device: "gpu", "integrated", "npu" or "cpu". Boards and phones without a GPU
// of their own compute on the processor, "cpu0".
std::string_view engine_kind(const ComputeDevice& device);

// The device with this id ("gpu0", "cpu0"); an empty id picks the fastest usable accelerator, else the processor.
// Fails with a reason when bandwidth is not known or the id does not exist.
Result<ComputeDevice> compute_device(const Machine& machine, std::string_view id = {});
// Every device of the machine that can be predicted, accelerators first.
std::vector<ComputeDevice> compute_devices(const Machine& machine);

// What a model makes a device do. Sizes in bytes, counts in ones.
struct ModelWork {
  std::string name;
  std::string quant;              // as given: "Q4_K_M"
  WeightKind weights = WeightKind::four_bit;
  double params = 0;
  double read_params = 0;         // weights read for one token: no input embedding, active experts only
  double weight_bytes = 0;        // resident
  double read_bytes = 0;          // of weights, read for one token: tensor by tensor where the layout is known
  double layers = 0;
  double hidden = 0;
  double attention_layers = 0;    // that attend to the whole context
  double attention_width = 0;     // heads x (key size + value size) / 2: layers x this x 4 flop per token pair
  double window_layers = 0;       // that attend to a sliding window
  double window_width = 0;        // the same for them
  double kv_bytes_per_token = 0;  // f16, of the layers that grow with context
  double kv_window_bytes = 0;     // f16, sliding windows once full
  double kv_window_tokens = 0;
  double recurrent_bytes = 0;     // read and written back per token
  bool experts = false;           // mixture of experts
  double experts_total = 0;       // absent counts: 0
  double experts_active = 0;
  double expert_bytes = 0;        // of weights, in all experts together; 0: not known
  bool shape_assumed = false;     // layers and widths follow from the parameter count
};

// From the catalogue's record. `file` is the real size of the weights when known. Fails when the record has no
// parameter count or the quantisation is unknown.
Result<ModelWork> model_work(const ModelRecord& record, std::string_view quant, std::optional<Bytes> file = {});
// The same where the record's shape and its weights in this quantisation are at hand.
Result<ModelWork> model_work(const ModelRecord& record, const ModelShape& shape, const ModelWeights& weights, std::string_view quant,
                             std::optional<Bytes> file);
// From a shape and weights that no record describes: a file, a configuration. Every size is counted, none assumed.
Result<ModelWork> model_work(const ModelShape& shape, const ModelWeights& weights, std::string_view quant);
// From what a benchmark row says. Fails when neither size nor parameters with a quantisation are given.
Result<ModelWork> model_work(std::string_view name, std::optional<double> params, std::optional<double> active_params,
                             std::string_view quant, std::optional<Bytes> file);

enum class SplitKind { layers, tensor };

// Where the model runs: `count` like devices, and the part of it that stays in host memory.
struct Split {
  SplitKind kind = SplitKind::layers;
  int count = 1;
  double host_share = 0;             // of the weights; 0 all on the device, 1 all on the host
  bool host_share_is_experts = false;  // only expert weights stay on the host; attention and KV on the device
  const ComputeDevice* host = nullptr; // needed when host_share > 0
};

struct Workload {
  double context = 0;       // tokens in the context before this work
  double tokens = 128;      // to process (prefill) or to generate (decode); decode is averaged over them
  int batch = 1;            // concurrent sequences
  double kv_bytes_per_element = 2;  // f16 2, q8_0 1.0625, q4_0 0.5625
  std::optional<double> draft_acceptance;  // speculative decoding: chance that a drafted token is kept
  int draft_tokens = 4;
};

// Factors by which this machine differs from the catalogue's prediction, from benchmarks run on it. Times, so that more
// than 1 is slower.
struct Calibration {
  double memory = 1;        // of reading weights, keys and values
  double unpack = 1;        // of taking weights apart
  double cache = 1;         // of reading keys and values, beside memory
  double overhead = 1;      // of the time per layer and token
  double experts = 1;       // of routing
  double all = 1;           // of a whole decode step
  double prefill = 1;       // of all prefill time
  int decode_points = 0;
  int prefill_points = 0;
  Origin origin = Origin::catalogued;  // calibrated once there are points
};

struct Term {
  std::string_view name;    // "weights", "keys and values", "arithmetic", "launches" ...
  Seconds time{};           // per step; the terms add up to the step
};

struct Speed {
  Estimate tokens_per_s;    // of all sequences together
  Seconds step{};           // decode: one token of each sequence; prefill: the whole prompt
  std::string_view bound;   // name of the largest term, as "memory", "compute", "overhead", "link"
  std::array<Term, 8> terms{};
  std::size_t term_count = 0;

  std::span<const Term> parts() const { return {terms.data(), term_count}; }
};

Result<Speed> predict_decode(const ComputeDevice& device, const ModelWork& model, const Workload& work,
                             const Backend& backend, const Split& split = {}, const Calibration& calibration = {});
Result<Speed> predict_prefill(const ComputeDevice& device, const ModelWork& model, const Workload& work,
                              const Backend& backend, const Split& split = {}, const Calibration& calibration = {});

// From the request to the first token for a prompt of `prompt` tokens: at least alone, at most behind `batch` others.
Result<Estimate> predict_first_token(const ComputeDevice& device, const ModelWork& model, double prompt, int batch,
                                     const Backend& backend, const Split& split = {}, const Calibration& calibration = {});

// Continuous batching in steady state with `concurrency` requests in flight.
struct Serving {
  Estimate time_per_output_token_s;
  Estimate time_to_first_token_s;
  Estimate output_tokens_per_s;
};
Result<Serving> predict_serving(const ComputeDevice& device, const ModelWork& model, double prompt, double output,
                                int concurrency, const Backend& backend, const Split& split = {},
                                const Calibration& calibration = {});

// One benchmark that was run on the machine.
struct CalibrationPoint {
  ModelWork model;
  Workload work;
  bool prefill = false;
  double tokens_per_s = 0;
  Split split;
};
// The likeliest factors given the points, each held near 1 by how far such factors differ between machines: regularised
// least squares in logarithms, in which one odd point counts less. Any number of points, decode and prefill mixed; a
// point more than eight times off the prediction is taken for another device or model and left out. No points: all 1.
// Microseconds; safe from any thread. The result goes into predict_decode and the others for the same device and back end.
Calibration calibrate(const ComputeDevice& device, const Backend& backend, std::span<const CalibrationPoint> points);

}  // namespace hardscape
