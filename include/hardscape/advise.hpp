// Which models run on a machine, which machines run a model: fit, speed and rank put together.
//
// Reads the catalogue's records; reads no files and no devices. Evidence is what was measured on the machine before. Thread-safe. Ranking: docs/models.md, section Fit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/catalogue.hpp"
#include "hardscape/evidence.hpp"
#include "hardscape/fit.hpp"
#include "hardscape/machine.hpp"
#include "hardscape/model_record.hpp"
#include "hardscape/provenance.hpp"
#include "hardscape/result.hpp"

namespace hardscape {

// What of a placement the speed model has to say; absent where it cannot.
struct FitSpeed {
  std::optional<Estimate> decode;    // tokens/s of one request, 4096 tokens in (or the context, if less)
  std::optional<Estimate> prefill;   // tokens/s of a prompt that long
  std::string bound;                 // "memory", "compute" ...; empty: unknown
  std::string why_not;               // a sentence where there is no decode
  std::vector<EvidenceUse> evidence; // of this machine's own measurements, those of this very model

  friend bool operator==(const FitSpeed&, const FitSpeed&) = default;
};

struct FitRow {
  std::string model;                 // catalogue id or file
  std::string name;
  std::optional<std::int64_t> params;
  std::string licence;
  Placement placement;
  FitSpeed speed;
  double worth = 0;                  // see docs; 0 where it was not ranked
  bool fast_enough = true;           // for the use; also where nobody knows
  std::string device;                // fit_devices(): catalogue id of the machine
  std::string device_name;

  friend bool operator==(const FitRow&, const FitRow&) = default;
};

// Filters and wishes; empty ones do not restrict.
struct FitWishes {
  std::string use = "chat";          // chat, code, vision, long-context
  std::string family;
  std::string licence;               // part of its name, in any case
  double params_at_least = 0;
  double params_at_most = 0;         // 0: any
  std::optional<std::string> quant;
  std::optional<std::int64_t> context;  // exactly this one
  int parallel = 1;
  std::string kv_type = "f16";
  bool cpu_only = false;
  bool offload = true;               // also what needs the processor's help
  std::size_t most = 20;             // rows; 0: all

  friend bool operator==(const FitWishes&, const FitWishes&) = default;
};

// Words for FitWishes::use.
std::vector<std::string> fit_uses();

// The best models for this machine and use, best first; each with the best quantisation that is fast enough and the
// largest context that fits. Empty when nothing fits.
Result<std::vector<FitRow>> fit_models(const Machine& machine, const Catalogue& catalogue, const FitWishes& wishes = {},
                                       const Evidence& evidence = {});

// The best quantisation of one model for these wishes; nothing when none fits.
std::optional<FitRow> fit_best(const Machine& machine, const ModelRecord& record, const FitWishes& wishes = {}, const Evidence& evidence = {});

// One model; `shape` and `weights` from a file, or from the record alone. Its `record` helps with speed and may be null.
Result<FitRow> fit_model(const Machine& machine, const ModelShape& shape, const ModelWeights* weights,
                         const ModelRecord* record, const FitQuestion& question, const Evidence& evidence = {});

// Every device of the catalogue that holds the model, by verdict and then by speed; `no` rows are left out. Sizes that
// one product comes in count as one device each.
Result<std::vector<FitRow>> fit_devices(const Catalogue& catalogue, const ModelShape& shape, const ModelWeights* weights,
                                        const ModelRecord* record, const FitQuestion& question);

// Speed of a placement of these weights by the engine most people use there.
FitSpeed speed_of(const Machine& machine, const ModelShape& shape, const ModelWeights& weights, const ModelRecord* record,
                  const Placement& placement, const Evidence& evidence = {});

// The document hardscape.fit/1, with the measurements of this machine that its speeds rest on.
std::string to_json(const std::vector<FitRow>& rows, const Evidence& evidence = {});

}  // namespace hardscape
