// How much memory of a machine a model may take, device by device: free memory, not total.
//
// What the driver or the kernel says is free counts as it is; where nobody says, a stated reserve is taken off the
// total. Memory that an accelerator shares with the processor is counted once. Pure; thread-safe.
// Rules and sources: docs/models.md, section Fit; the numbers are in data/fit/policy.json.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hardscape/machine.hpp"
#include "hardscape/provenance.hpp"
#include "hardscape/result.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

// A share of something, with a floor and a ceiling.
struct Portion {
  double fraction = 0;
  Bytes at_least{0};
  Bytes at_most{0};

  Bytes of(Bytes whole) const;
  friend bool operator==(const Portion&, const Portion&) = default;
};

// What is taken off before a model gets anything, and when little left is called tight.
struct FitPolicy {
  Portion host_reserve;            // of all memory, where nobody says what is available
  Portion unified_reserve;         // the same on machines whose accelerator shares the memory
  Bytes device_reserve_linux{0};   // of one device, where its driver does not say what is free
  Bytes device_reserve_windows{0};
  Bytes device_reserve_other{0};   // another system, or none named
  Bytes device_overhead{0};        // the runtime's own memory on each dedicated device in use
  Bytes unified_overhead{0};       // the same where memory is shared
  Bytes host_overhead{0};          // the process itself
  Portion device_headroom;         // less than this left: tight
  Portion host_headroom;
  double apple_small_fraction = 0;  // working set, up to apple_small_limit of memory
  double apple_large_fraction = 0;  // and above
  Bytes apple_small_limit{0};

  friend bool operator==(const FitPolicy&, const FitPolicy&) = default;
};

// data/fit/policy.json.
const FitPolicy& default_fit_policy();

struct MemoryPool {
  std::string device;              // id of the accelerator (with its partition), or "cpu"
  std::string name;
  std::string group;               // pools of one group can share a model ("nvidia"); "" for the host
  bool host = false;
  bool unified = false;            // takes its bytes from the host's pool, beyond `own`
  Bytes total{0};
  Bytes free{0};                   // for a model and its runtime
  Bytes own{0};                    // part of `free` that is not the host's
  Bytes overhead{0};
  Bytes headroom{0};
  Source source;                   // of `free`
  std::string how;                 // "24.0 GiB less 0.6 GiB kept for the system"

  friend bool operator==(const MemoryPool&, const MemoryPool&) = default;
};

struct MemoryView {
  MemoryPool host;
  std::vector<MemoryPool> devices;   // in the machine's order
  std::vector<Note> notes;           // what was left out, and why

  friend bool operator==(const MemoryView&, const MemoryView&) = default;
};

MemoryView memory_view(const Machine& machine, const FitPolicy& policy = default_fit_policy());

}  // namespace hardscape
