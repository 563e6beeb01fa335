// Rows of published or planned benchmarks, as people write them, turned into predictions.
//
// A row names hardware, back end, model and test in words; the catalogue resolves the names. Used by `predict --batch`
// and by the accuracy bench. Thread-safe after construction of the catalogue; a resolver keeps a cache and is not.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hardscape/catalogue.hpp"
#include "hardscape/predict.hpp"
#include "hardscape/result.hpp"

namespace hardscape {

struct SpeedRow {
  std::string hardware;               // "NVIDIA GeForce RTX 4090", "rtx-4090"
  std::optional<double> memory_gb;    // tells apart what one name means: the M4 Max with 128 GB has 40 cores
  int count = 1;
  std::string backend;                // "llama.cpp CUDA +FA"; empty: the usual one
  std::string model;                  // "Llama-3.1-8B-Instruct"
  std::optional<double> params_b;     // 10^9
  std::optional<double> active_params_b;
  std::string quant;                  // "Q4_K_M"
  std::optional<double> file_gib;
  std::string test;                   // "tg", "tg128", "pp512"
  std::string context_or_prompt;      // tokens, or "512@16384"
  std::string date;                   // when it was measured, as a source says it: "2025-07-14"; empty: with a new build
};

// What the row asks of the speed model. Several devices when the hardware's name is ambiguous ("M3 Max").
struct SpeedQuestion {
  std::vector<ComputeDevice> devices;
  std::vector<std::string> device_ids;  // of the catalogue, same order
  ModelWork model;
  Workload work;
  Backend backend;
  Split split;
  bool prefill = false;
  bool offload = false;                 // the test says that part of the weights stayed in host memory
};

struct SpeedAnswer {
  std::optional<Estimate> tokens_per_s;
  std::string bound;
  std::string reason;                   // why there is no estimate; empty with one
};

class SpeedRowResolver {
 public:
  explicit SpeedRowResolver(Catalogue catalogue);
  ~SpeedRowResolver();
  SpeedRowResolver(const SpeedRowResolver&) = delete;
  SpeedRowResolver& operator=(const SpeedRowResolver&) = delete;

  // Errors say which name or number is missing and why that matters.
  Result<SpeedQuestion> resolve(const SpeedRow& row);
  SpeedAnswer answer(const SpeedRow& row);

 private:
  struct Cache;
  Catalogue catalogue_;
  std::unique_ptr<Cache> cache_;
};

// An ambiguous name is answered for all that it may mean: the middle of them, and an interval over them.
SpeedAnswer answer(const SpeedQuestion& question);

}  // namespace hardscape
