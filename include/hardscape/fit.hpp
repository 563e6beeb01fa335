// Does a model fit on a machine, and what goes where: every byte on its device.
//
// Places layers on the devices' free memory (fit_pools.hpp): all on one accelerator, split by layers over several
// that can work together, experts on the processor, layers on the processor, or everything there. Bytes, tokens.
// Pure; thread-safe. Rules and sources: docs/models.md, section Fit.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/fit_demand.hpp"
#include "hardscape/fit_pools.hpp"
#include "hardscape/machine.hpp"
#include "hardscape/result.hpp"
#include "hardscape/units.hpp"

namespace hardscape {

struct ModelShape;    // model_shape.hpp
struct ModelWeights;  // model_memory.hpp

enum class Verdict { no, offload, tight, fits };  // in this order
std::string_view to_string(Verdict verdict);

struct FitQuestion {
  std::string quant = "Q4_K_M";
  std::optional<std::int64_t> context;     // tokens of each request; absent: the largest that fits
  int parallel = 1;                        // requests at once
  std::string kv_type = "f16";
  int micro_batch = 512;
  bool flash_attention = true;
  bool cpu_only = false;
  bool vision = false;                     // with the tower and projector, where the model has one
  bool mtp = false;                        // with the layers that draft further tokens
  Bytes draft{0};                          // a draft model with its cache and buffers, on the first device

  friend bool operator==(const FitQuestion&, const FitQuestion&) = default;
};

struct MemoryParts {
  Bytes weights{0};
  Bytes kv{0};
  Bytes recurrent{0};
  Bytes compute{0};
  Bytes overhead{0};

  Bytes total() const { return weights + kv + recurrent + compute + overhead; }
  MemoryParts& operator+=(const MemoryParts& other);
  friend bool operator==(const MemoryParts&, const MemoryParts&) = default;
};

// What one device holds.
struct DeviceShare {
  std::string device;                      // "gpu0", "cpu"
  std::string name;
  bool host = false;
  MemoryParts bytes;
  Bytes free{0};                           // before the model
  int first_layer = 0;
  int layers = 0;                          // whole layers
  int expert_layers = 0;                   // host: further layers of which only the experts are here

  friend bool operator==(const DeviceShare&, const DeviceShare&) = default;
};

// The smallest change of one kind that would make it fit.
struct Remedy {
  std::string kind;                        // "kv-type", "context", "quant"
  std::string value;                       // "q8_0", "16384", "Q3_K_M"
  Verdict verdict = Verdict::no;           // what it leads to

  friend bool operator==(const Remedy&, const Remedy&) = default;
};

struct Placement {
  Verdict verdict = Verdict::no;
  std::string quant;
  std::int64_t context = 0;
  int parallel = 1;
  std::string kv_type;
  MemoryParts memory;                      // sum over devices, also when it does not fit
  std::vector<DeviceShare> devices;        // accelerators first, then the host
  int layers = 0;                          // of the model
  int device_layers = 0;                   // on accelerators
  bool experts_on_host = false;
  Bytes spare{0};                          // left on the fullest device, when it fits
  Bytes missing{0};                        // for the verdict no: on the host or device that is short
  std::string missing_on;
  Bytes missing_for_device{0};             // to be all on accelerators: offload only
  std::vector<Remedy> remedies;            // when asked for and the verdict is offload or no
  std::vector<Note> notes;

  friend bool operator==(const Placement&, const Placement&) = default;
};

// Lays weights and state out on a machine; `quant`, `context` and the like are left to the caller.
Placement place(const MemoryView& memory, const WeightDemand& weights, const StateDemand& state, bool cpu_only = false);

// The largest context up to `most`, in steps of 256, whose verdict is not worse than at the smallest of them
// (`least`): nothing when even that does not fit. `state_at` must not shrink with context.
std::optional<std::int64_t> largest_context(const MemoryView& memory, const WeightDemand& weights,
                                            const std::function<StateDemand(std::int64_t)>& state_at, std::int64_t least,
                                            std::int64_t most, bool cpu_only = false);

// The whole answer for one model. Fails where the shape has no rule for this quantisation, cache type or context.
Result<Placement> fit(const Machine& machine, const ModelShape& shape, const FitQuestion& question,
                      const FitPolicy& policy = default_fit_policy());
// The same with the memory already looked at, for many models on one machine, and with weights laid out before or
// read from a file (question.quant then only names them).
Result<Placement> fit(const MemoryView& memory, const ModelShape& shape, const ModelWeights& weights,
                      const FitQuestion& question);
// The same for many quantisations of one model: what question.context needs (demand_of) does not depend on them.
Result<Placement> fit(const MemoryView& memory, const ModelShape& shape, const ModelWeights& weights,
                      const StateDemand& state, const FitQuestion& question);

// For a verdict of offload or no: the cache in q8_0, the largest context, the largest quantisation by which it would
// fit (or at least run). Quantisations are tried only when `requantise`.
std::vector<Remedy> remedies_for(const MemoryView& memory, const ModelShape& shape, const ModelWeights& weights,
                                 const FitQuestion& question, const Placement& placement, bool requantise);

}  // namespace hardscape
