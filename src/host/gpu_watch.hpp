// What NVIDIA's cards say of themselves while something runs on them: energy, power, heat, and what slows them down.
//
// All calls into NVML are made by one thread of the watch, after a child process has shown that the library answers; nobody
// waits for it longer than a second. The watch ends with its last copy. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hardscape/host.hpp"

namespace hardscape {

struct WatchedGpu {
  std::string pci;                     // "0000:01:00.0"
  std::string name;                    // for sentences: "cuda0"
};

// One card since the watch began.
struct GpuRecord {
  WatchedGpu gpu;
  int busy = 0;                        // samples in which it worked
  std::vector<std::pair<std::uint64_t, int>> slowed;  // nvmlClocksEventReasons bit, busy samples that had it
  std::optional<double> hottest_celsius;
  std::optional<double> most_watts;
  std::optional<double> limit_watts;
};

// One thing that held a card back in at least a twentieth of the busy samples.
struct GpuSlowdown {
  bool expected = false;               // working as set up: a power limit that is met
  std::string code;                    // "gpu-hot"
  std::string message;
  std::string advice;
};

class GpuWatch {
 public:
  struct State;

  // Asks these cards every `interval`. unavailable: no library, or it knows none of them; timeout: it does not answer.
  static Result<GpuWatch> start(const Host& host, const std::vector<WatchedGpu>& gpus, const std::vector<std::string>& libraries,
                                std::chrono::milliseconds interval = std::chrono::milliseconds(100));

  // What all of them drew since the watch began: the driver's counters, on cards before Volta the power that was sampled.
  // Nothing when a card does not say or the driver hangs.
  std::optional<double> joules() const;
  std::vector<GpuRecord> records() const;

 private:
  explicit GpuWatch(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

// The mildest first. Pure.
std::vector<GpuSlowdown> slowdowns_of(const GpuRecord& record);

}  // namespace hardscape
