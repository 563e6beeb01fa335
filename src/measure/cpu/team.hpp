// Threads that stay, each on a processor of its own, and start together.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "measure/probe.hpp"

namespace hardscape::measuring {

class Team {
 public:
  // Starts one thread on each of these processors; pinned where the system can.
  explicit Team(std::vector<int> cpus);
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  ~Team();

  int size() const { return static_cast<int>(cpus_.size()); }
  // Runs `work(thread)` on all at once and waits. seconds: from the common start to the last end; on_cpu: of the
  // thread that ran least; clock_hz: the threads' mean right after the work, still together. `work` stays 0.
  Timing run(const std::function<void(int thread)>& work);

 private:
  struct Shared;
  std::vector<int> cpus_;
  std::unique_ptr<Shared> shared_;
};

}  // namespace hardscape::measuring
