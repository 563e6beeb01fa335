// The seam between what can be measured and how measuring is done.
//
// A device lists Probes; the runner prepares, warms up, samples, verifies and releases them. A probe knows nothing of
// rounds, statistics or disturbances, the runner nothing of devices.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hardscape/measurement.hpp"

namespace hardscape::measuring {

// One timed call. Allocation, filling and the transfer of inputs are never inside.
struct Timing {
  double seconds = 0;               // host clock from start to the last thread's end, or device events
  double work = 0;                  // bytes, operations or accesses that were done in it
  std::optional<double> on_cpu;     // least share of the time that a measuring thread really ran; absent on devices
  std::optional<double> clock_hz;   // of what did the work, while it was still warm; absent: the runner looks itself
  std::string trouble;              // why this sample cannot count ("the GPU slowed down: power cap"); empty: fine
};

// A prepared probe; its destructor releases everything. Used by one thread.
class Workload {
 public:
  virtual ~Workload() = default;
  // Does the work `repetitions` times. Called often, with numbers that the runner grows until a sample is long enough.
  // An error ends the probe with status `failed` (or the status that a Refusal names).
  virtual Result<Timing> run(std::int64_t repetitions) = 0;
  // Whether what was computed is right; called once after the last sample, outside of any timing.
  virtual Status verify() = 0;
  // What was chosen while preparing, for MeasurementResult::method; may be empty.
  virtual std::string method() const { return {}; }
};

// What a figure cannot exceed, and what it is compared with.
struct Peak {
  double value = 0;                 // in the probe's unit
  std::string basis;                // "2 cores x 3.4 GHz x 32 FLOP per cycle (Zen 3)"
};

enum class Figure {
  rate,                             // work / seconds; more is better
  time,                             // seconds / work; less is better
};

struct Probe {
  std::string device;               // see MeasurementResult for these
  std::string kernel;
  std::string metric;
  std::string unit;
  std::string group;
  std::string precision;
  std::string counting;
  std::optional<int> threads;
  std::optional<Bytes> working_set;
  Figure figure = Figure::rate;

  std::optional<Peak> peak;         // gives fraction_of_peak
  std::optional<Peak> ceiling;      // only for plausibility: no device of this kind does more; the peak when absent
  bool has_own_clock = false;       // the processor's says nothing about this device
  bool per_clock = false;           // both are for one hertz, and are multiplied by the clock measured meanwhile

  bool in_quick = false;            // part of the quick run
  bool sustained = false;           // the long run also holds it for many seconds
  double sample_s = 0.02;           // a sample is at least this long
  double share = 1;                 // of the time, against other probes
  // Probes of one device with the same set are prepared together and sampled in turns, A B C A B C; buffers that they
  // share live as long as one of their workloads does.
  std::string set;

  // Absent work: the result is this status with this reason, and prepare is not called.
  std::optional<MeasureStatus> refused;
  std::string reason;

  // Allocates, fills and touches first where the work will run. unavailable: becomes `skipped` (no memory now);
  // unsupported: `unsupported`; anything else: `failed`.
  std::function<Result<std::unique_ptr<Workload>>()> prepare;
};

// What a device kind needs to list its probes.
struct ProbeContext {
  const Host& host;
  const Machine& machine;
  const MeasureOptions& options;
};

struct DeviceProbes {
  std::vector<MeasuredDevice> devices;
  std::vector<Probe> probes;
  std::vector<Note> notes;
};

// A row in sources.cpp: one kind of device. `list` opens libraries and asks devices what they are, but times nothing
// and allocates no buffers; it is called only when --device lets a device of this kind through. Where the runtime is
// absent it returns nothing, or one refused probe if a device is there that the user would expect to see.
struct ProbeSource {
  std::string_view kind;            // "cpu", "opencl", "cuda": what the ids of its devices begin with
  DeviceProbes (*list)(const ProbeContext& context);
};

const std::vector<ProbeSource>& probe_sources();

}  // namespace hardscape::measuring
