// What is in this computer, or in a recording of one.
//
// Detection reads kernel files first, asks drivers second and opens vendor libraries only in a child process
// with a time limit. It needs no root, no network and no vendor tool; what it cannot learn is absent and, where
// a person can do something about it, a note says what. Finding nothing is an answer, not an error.
#pragma once

#include <chrono>
#include <string>

#include "hardscape/host.hpp"
#include "hardscape/machine.hpp"
#include "hardscape/result.hpp"

namespace hardscape {

struct DetectOptions {
  bool vendor_libraries = true;                       // NVML and the like; off: kernel files and drivers only
  std::chrono::milliseconds library_limit{1500};      // after that a hanging driver is given up and noted
};

// Thread-safe: reads through `host` and keeps no state.
Machine detect(const Host& host, const DetectOptions& options = {});

// Runs detect() and writes every file it read below `folder`, so that recorded_host(folder) gives the same
// machine. Serial numbers, UUIDs, MAC addresses and host names are replaced. `folder` must be absent or empty;
// it appears complete or not at all.
Result<Machine> gather(const Host& host, const std::string& folder, const DetectOptions& options = {});

}  // namespace hardscape
