// What a machine is good for, in one page: what limits it, what fits, which engine, what to try next.
//
// Pure function of a machine and a catalogue; thread-safe. Document hardscape.overview/1.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hardscape/advise.hpp"
#include "hardscape/catalogue.hpp"
#include "hardscape/machine.hpp"

namespace hardscape {

// Something that holds AI work back here, the gravest first.
struct Limitation {
  std::string code;       // "no-accelerator", "memory-speed-unknown", "memory-limit" ...
  std::string message;    // a sentence with the numbers in it

  friend bool operator==(const Limitation&, const Limitation&) = default;
};

// A size that people speak of, and how the model that stands for it does here.
struct SizeClassAnswer {
  std::string id;         // "70B"
  FitRow row;             // with the best quantisation; verdict no: with the usual one

  friend bool operator==(const SizeClassAnswer&, const SizeClassAnswer&) = default;
};

struct EngineAdvice {
  std::string id;         // of the catalogue's runtimes
  std::string name;
  std::string why;
  std::vector<std::string> also;  // "vLLM: for many requests at once"

  friend bool operator==(const EngineAdvice&, const EngineAdvice&) = default;
};

struct NextStep {
  std::string command;
  std::string why;

  friend bool operator==(const NextStep&, const NextStep&) = default;
};

struct Overview {
  Machine machine;
  MemoryView memory;
  std::vector<Limitation> limits;
  std::vector<SizeClassAnswer> classes;    // smallest first
  std::optional<FitRow> best;              // first of fit_models() for chat
  std::optional<EngineAdvice> engine;
  std::vector<NextStep> next;              // three
  std::vector<EvidenceUse> evidence;       // what was measured here before and the speeds rest on
  std::vector<Note> notes;                 // on that evidence

  friend bool operator==(const Overview&, const Overview&) = default;
};

// `machine_options` name the machine on a command line (" --machine rtx-4090"), for the commands worth trying next;
// empty: this computer, on which alone something can be measured.
Overview overview_of(const Machine& machine, const Catalogue& catalogue, const Evidence& evidence = {},
                     const std::string& machine_options = {});

std::string to_json(const Overview& overview);

}  // namespace hardscape
