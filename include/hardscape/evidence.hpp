// Earlier measurements of this machine as evidence for predictions: what was measured beats what is computed, and
// what is computed is corrected by what was measured. The rules: docs/models.md, section Evidence.
//
// Pure functions of what the history holds; thread-safe. Nothing here reads a file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardscape/catalogue.hpp"
#include "hardscape/history.hpp"
#include "hardscape/machine.hpp"
#include "hardscape/predict.hpp"
#include "hardscape/provenance.hpp"

namespace hardscape {

struct MeasuredBandwidth {
  std::int64_t entry = 0;        // of the history
  std::string when;              // UTC, "2026-11-24T08:15:30Z"
  std::string device;            // "cpu", "gpu0"
  std::string kernel;            // "read", "triad", "copy"
  BytesPerSecond value{};
  bool disturbed = false;        // others used the machine meanwhile: it can do at least this

  friend bool operator==(const MeasuredBandwidth&, const MeasuredBandwidth&) = default;
};

// One benchmark of one model. Of each rate: least, median and most of its runs.
struct MeasuredSpeed {
  std::int64_t entry = 0;
  std::string when;
  std::string subject;           // "llama 8B Q4_K - Medium"
  std::string device;            // "cpu0", "gpu0"
  std::string backend;           // id of the speed model's row: "llama.cpp/cpu"
  std::string engine;            // "llama.cpp 0.5.0"
  std::string model;             // catalogue id; empty: a file that the catalogue does not know
  ModelWork work;
  int devices = 1;               // like ones that the layers were split over
  Workload decode;               // context when decoding began
  Workload prefill;
  std::optional<Estimate> decode_tokens_per_s;
  std::optional<Estimate> prefill_tokens_per_s;
  bool disturbed = false;        // others used the machine in every run
};

struct DeviceCalibration {
  std::string device;
  std::string backend;
  Calibration factors;
  std::vector<std::int64_t> entries;
};

struct Evidence {
  std::vector<MeasuredBandwidth> bandwidths;   // newest first; those that a fact of the machine rests on
  std::vector<MeasuredBandwidth> memory_roofs; // the one to hold against of each device, also where its maker's rate is the fact
  std::vector<MeasuredSpeed> speeds;           // newest first
  std::vector<DeviceCalibration> calibrations;
  std::vector<Note> notes;                     // what is stale, what was left out
  bool shared_hardware = false;                // a guest: neighbours change its speed from one hour to the next

  bool empty() const { return bandwidths.empty() && speeds.empty(); }
  // Factors of 1 where nothing was measured.
  const Calibration& calibration_of(std::string_view device, std::string_view backend) const;
};

// What a number rests on, for --explain and the JSON documents.
struct EvidenceUse {
  std::int64_t entry = 0;
  std::string when;
  std::string use;               // "measured": this very thing; "calibrated": a factor; "bandwidth": a fact of the machine
  std::string what;              // "decode of llama 8B Q4_K - Medium at depth 512: 4.13 tokens/s"

  friend bool operator==(const EvidenceUse&, const EvidenceUse&) = default;
};

// All that speeds of this machine rest on: memory speeds and the benchmarks behind its calibrations.
std::vector<EvidenceUse> evidence_used(const Evidence& evidence);

// A machine and what was measured on it.
struct InformedMachine {
  Machine machine;
  Evidence evidence;
};

// Takes what speaks of this machine (by fingerprint) out of the entries, newest first, and puts measured memory speeds
// into the machine's facts by learn(). Entries of other machines, other kinds and malformed ones are left out.
// `engine_release`: of the engine that a benchmark would use now ("0.5.0"); empty: unknown.
InformedMachine inform(Machine machine, const std::vector<HistoryEntry>& entries, const Catalogue& catalogue,
                       std::string_view engine_release = {});

// The catalogue's model with this shape: architecture, depth, width, parameters. Null: none.
const ModelRecord* record_of_shape(const Catalogue& catalogue, std::string_view architecture, std::size_t layers, int hidden,
                                   std::int64_t params);

}  // namespace hardscape
