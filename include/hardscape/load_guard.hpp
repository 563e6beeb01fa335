// Whether somebody else used the machine while something was timed.
//
// Read before and after each sample; costs two small reads of /proc. Linux only; elsewhere every sample counts
// as undisturbed and says so by `known` being false.
#pragma once

#include <cstdint>

namespace hardscape {

struct LoadReading {
  double at_s = 0;               // monotonic clock
  double busy_s = 0;             // of all processors together, this process included
  double steal_s = 0;            // taken by the hypervisor
  double own_s = 0;              // of this process
  std::int64_t preempted = 0;    // involuntary context switches of this process
  std::int64_t major_faults = 0;
  bool known = false;
};

LoadReading read_load();

struct Disturbance {
  double others_share = 0;       // processor time of other processes over the time that passed, of one processor
  double steal_share = 0;
  std::int64_t preempted = 0;
  std::int64_t major_faults = 0;
  bool known = false;

  // More than 5 % of a processor gone to others, 2 % stolen, or pages read from disk meanwhile.
  bool disturbed() const { return known && (others_share > 0.05 || steal_share > 0.02 || major_faults > 0); }
};

Disturbance between(const LoadReading& before, const LoadReading& after);

}  // namespace hardscape
