// How measuring is done, whatever is measured: warm up until steady, size samples by time, take turns, guard, repeat.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hardscape/load_guard.hpp"
#include "measure/probe.hpp"

namespace hardscape::measuring {

// What the runner sees of the world; tests put a made-up one in its place.
struct Senses {
  std::function<double()> now;                    // seconds, monotonic
  std::function<LoadReading()> load;
  std::function<std::optional<double>()> clock;   // of a core right now, in hertz; may be empty
};
Senses live_senses();

// The method's numbers.
struct Schedule {
  double budget_s = 8;              // for everything
  int allocations = 1;              // buffers are allocated anew so often: where pages land moves bandwidth
  double warm_up_share = 0.25;      // of a probe's time, at most
  double steady = 0.02;             // two samples in a row this close end the warm-up
  int fewest = 3;                   // samples, even when that takes longer than the budget
  int most = 200;
  double window_s = 0.1;            // the kernel's counters of load are read over at least this long
  double sustained_s = 0;           // how long `sustained` probes are held, each; 0: not at all
};
Schedule schedule_for(const MeasureOptions& options);

struct Sample {
  double value = 0;                 // in the probe's unit
  bool disturbed = false;
  std::string why;                  // "other processes", "stolen time", "not on a processor", "clock", a device's word
  std::optional<double> clock_hz;
};

struct Measured {
  std::vector<MeasurementResult> results;   // one a probe, in their order; sustained ones after all others
  std::vector<Note> notes;
  std::optional<double> clock_hz;           // median over the results
  bool stopped = false;
};

Measured run_probes(const std::vector<Probe>& probes, const Schedule& schedule, const Senses& senses,
                    const MeasureProgress& progress = {}, const StopRequested& stop = {});

// The result of these samples: undisturbed ones when there are `fewest` of them, else all, and then the reason says so.
MeasurementResult summarise(const Probe& probe, const std::vector<Sample>& samples, int fewest);
// A peak or ceiling in the probe's unit; one that is for a hertz needs the result's clock.
std::optional<Peak> bound_of(const std::optional<Peak>& bound, const Probe& probe, const MeasurementResult& result);
// Marks samples whose clock is more than 3 % from the median of all.
void mark_clock_drift(std::vector<Sample>& samples);
// Says what cannot be: above peak or ceiling, many threads slower than one. Adds to `reason` and returns the notes.
std::vector<Note> doubt(const std::vector<Probe>& probes, std::vector<MeasurementResult>& results);

}  // namespace hardscape::measuring
