// What the silicon gives: bandwidth, latency and arithmetic rates of each device, timed (document hardscape.measure/1).
//
// A result is found by (device, kernel, metric), which stay the same from release to release. The processor is "cpu";
// its memory figures for every core together are kernels "read", "write", "copy", "triad" with metric "bandwidth" and
// unit "bytes_per_s". A figure of one thread has the metric's name with "_one_thread".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/host.hpp"
#include "hardscape/machine.hpp"
#include "hardscape/result.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

enum class MeasureStatus {
  ok,
  unsupported,  // this device cannot do it; the reason says what is missing
  skipped,      // it could, but not now: no time, no memory, stopped
  failed,       // it ran and broke, or its result was wrong
};
std::string_view to_string(MeasureStatus status);

// 95 % bootstrap interval of the median.
struct MeasureSpread {
  double low = 0;
  double high = 0;
};

struct MeasurementResult {
  std::string device;                       // "cpu", "opencl0", "cuda0"
  std::string kernel;                       // "triad", "latency", "fp32_avx2", "gemm_fp32"
  std::string metric;                       // "bandwidth", "bandwidth_one_thread", "rate", "latency"
  std::string unit;                         // "bytes_per_s", "flops", "ops", "s"
  std::optional<double> value;              // median of the samples, in `unit`
  std::optional<MeasureSpread> spread;
  std::optional<double> best;               // 95th percentile in the good direction
  std::vector<double> samples;              // every sample that counts, in the order taken
  std::vector<double> discarded;            // disturbed and repeated
  bool disturbed = false;                   // no quiet samples could be had: `samples` holds all of them
  std::optional<double> peak;               // what the device is built for; absent where nobody knows
  std::string peak_basis;                   // where the peak comes from: a formula or a document
  std::optional<double> fraction_of_peak;   // value / peak
  MeasureStatus status = MeasureStatus::ok;
  std::string reason;                       // why not, or what to doubt; empty when all is well

  std::string group;                        // for people: "memory", "cache", "latency", "arithmetic", "gemm", "link"
  std::string precision;                    // "fp64", "fp32", "tf32", "fp16", "bf16", "fp8", "int8"; empty for memory
  std::optional<int> threads;
  std::optional<Bytes> working_set;
  std::optional<double> clock_hz;           // of the cores while they worked on it, measured
  std::string counting;                     // what is counted as work
  std::string method;                       // variant that was fastest, library and version: "12 accumulators"
};

struct MeasuredDevice {
  std::string id;                           // as in the results
  std::string name;                         // "AMD EPYC 9575F", "NVIDIA H200"
  std::string software;                     // driver or runtime, with version; empty for the processor
  std::string hardware;                     // what it is in the machine's record: "gpu0", "cpu"; empty: unknown, or a slice
  std::optional<double> clock_hz;           // measured while it worked
};

// The fastest way this device was seen to compute in one precision.
struct PrecisionRate {
  std::string device;
  std::string precision;
  std::string kernel;
  std::string unit;
  double rate = 0;
  std::optional<double> times_fp32;         // absent where FP32 was not measured
};

enum class MeasureLength { quick, normal, longer };
std::string_view to_string(MeasureLength length);

struct MeasureOptions {
  MeasureLength length = MeasureLength::normal;
  std::vector<std::string> devices;         // ids or their beginnings ("cuda"); empty: all
  std::vector<std::string> kernels;         // kernels, their beginnings, groups or precisions; empty: all
  std::optional<int> threads;               // at most so many; default: one on each core this process may use
  std::optional<Bytes> memory;              // at most so much for buffers
  std::optional<double> seconds;            // for all together; default by length: 1.4, 8, 60
  bool zeros = false;                       // measure with zeros, to show how much that flatters
};

struct MeasurementReport {
  MeasureOptions options;
  std::vector<MeasuredDevice> devices;
  std::vector<MeasurementResult> results;
  std::vector<PrecisionRate> precisions;
  std::vector<Note> notes;
  double took_s = 0;
};

// Called with a sentence and a fraction 0..1 when something starts; may be empty.
using MeasureProgress = std::function<void(std::string_view what, double done)>;
// Polled between samples; true ends the run with an error.
using StopRequested = std::function<bool()>;

// Measures this computer. `machine` is what detection found; its peaks stand beside the figures.
// invalid_argument: a recorded host, names that no device or kernel has (the message gives the nearest); timeout: stopped.
Result<MeasurementReport> measure(const Host& host, const Machine& machine, const MeasureOptions& options = {},
                                  const MeasureProgress& progress = {}, const StopRequested& stop = {});

// The document; `machine` is embedded in it.
std::string to_json(const MeasurementReport& report, const Machine& machine);

}  // namespace hardscape
