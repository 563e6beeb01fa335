// One sample, the warm-up that sizes it, and the window over which other people's load is watched.
#pragma once

#include <cstdint>
#include <vector>

#include "measure/runner.hpp"

namespace hardscape::measuring {

// Runs it until two samples agree or `most_s` is over; leaves in `repetitions` what makes a sample long enough.
// At least three calls, so that devices have compiled, uploaded and raised their clock.
Status warm_up(Workload& workload, const Probe& probe, const Schedule& schedule, double most_s, std::int64_t& repetitions, const Senses& senses);

// May raise `repetitions` when the sample came out too short.
Result<Sample> take_sample(Workload& workload, const Probe& probe, std::int64_t& repetitions, const Senses& senses);

// The kernel counts load in ticks of 10 ms, so one look covers several samples: all of a disturbed window are marked.
class Window {
 public:
  Window(const Senses& senses, double shortest_s) : senses_(senses), shortest_s_(shortest_s), before_(senses.load()) {}
  // Sample `index` of `samples`, which outlives the window's next look.
  void add(std::vector<Sample>& samples, std::size_t index) { inside_.push_back({&samples, index}); }
  // Judges what is inside when the window is long enough.
  void look() { judge(shortest_s_); }
  // Judges whatever is left.
  void close() { judge(0); }

 private:
  void judge(double shortest_s);

  struct Where {
    std::vector<Sample>* samples;
    std::size_t index;
  };
  const Senses& senses_;
  double shortest_s_;
  LoadReading before_;
  std::vector<Where> inside_;
};

}  // namespace hardscape::measuring
