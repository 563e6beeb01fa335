// Fine-tuning with adapters: memory and speed of LoRA and QLoRA on one model.
//
// Bytes and tokens/s; formulas and sources in docs/models.md, section Select. Pure.
#pragma once

#include <optional>
#include <string>

#include "hardscape/provenance.hpp"
#include "hardscape/units.hpp"

namespace hardscape::select {

// What of a model training depends on.
struct TrainedModel {
  double params = 0;         // resident
  double active_params = 0;  // used for one token
  double layers = 0;
  double hidden = 0;
  double vocabulary = 0;
  double tokens = 2048;      // of one sequence; one sequence at a time with recomputed activations
};

enum class TrainingMethod { full, lora, qlora };

// Weights, gradients, optimiser states and activations, over all devices together.
Bytes training_memory(const TrainedModel& model, TrainingMethod method);

struct TrainingSpeed {
  TrainingMethod method = TrainingMethod::lora;
  Estimate tokens_per_s;
};

// On `devices` like devices with `free` bytes each and this rate of 16-bit matrix arithmetic each. The faster of LoRA
// and QLoRA that fits; nothing when neither does.
std::optional<TrainingSpeed> training_speed(const TrainedModel& model, Bytes free, FlopsPerSecond matrix, int devices,
                                            bool fast_link);

std::string name_of(TrainingMethod method);

}  // namespace hardscape::select
