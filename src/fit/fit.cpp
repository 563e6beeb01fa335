#include "hardscape/fit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fit/demand.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/quantization.hpp"
#include "hardscape/weight_layout.hpp"

namespace hardscape {
namespace {

constexpr std::int64_t k_least_context = 4096;      // below that few uses make sense
constexpr std::int64_t k_unstated_context = 131072; // ceiling for models that do not state theirs

std::int64_t most_context(const ModelShape& shape) { return shape.context_max > 0 ? shape.context_max : k_unstated_context; }

void annotate(Placement& placement, const ModelShape& shape, const MemoryView& memory) {
  if (shape.context_max > 0 && placement.context > shape.context_max)
    placement.notes.push_back({Severity::warning, "context-beyond-model",
                               fmt::format("{} was made for {} tokens of context", shape.name, shape.context_max),
                               "answers beyond that are unreliable"});
  if (memory.host.total.value == 0)
    placement.notes.push_back({Severity::info, "host-memory-unknown",
                               "nothing is known of the computer around the accelerator, so nothing is placed there",
                               "add a processor or memory to the machine to see what spills over"});
  if (placement.verdict == Verdict::offload && placement.device_layers == 0)
    placement.notes.push_back({Severity::warning, "accelerators-idle", "no layer finds room on an accelerator", std::nullopt});
}

}  // namespace

Result<Placement> fit(const MemoryView& memory, const ModelShape& shape, const ModelWeights& weights,
                      const FitQuestion& question) {
  if (question.parallel < 1)
    return Error{ErrorCode::invalid_argument, fmt::format("parallel is {}; expected at least 1", question.parallel)};
  if (question.context && *question.context < 1)
    return Error{ErrorCode::invalid_argument, fmt::format("context is {} tokens; expected at least 1", *question.context)};
  const WeightDemand demand = demand_of(shape, weights, question);
  const std::int64_t most = most_context(shape);
  std::int64_t context = question.context.value_or(std::min(k_least_context, most));
  auto state = demand_of(shape, context, question);
  if (!state) return state.error();
  if (!question.context) {
    const auto state_at = [&](std::int64_t tokens) {
      return demand_of(shape, tokens, question).value_or(StateDemand{});
    };
    if (const auto largest = largest_context(memory, demand, state_at, context, most, question.cpu_only)) {
      context = *largest;
      state = demand_of(shape, context, question);
      if (!state) return state.error();
    }
  }
  FitQuestion settled = question;
  settled.context = context;
  return fit(memory, shape, weights, *state, settled);
}

Result<Placement> fit(const MemoryView& memory, const ModelShape& shape, const ModelWeights& weights,
                      const StateDemand& state, const FitQuestion& question) {
  Placement placement = place(memory, demand_of(shape, weights, question), state, question.cpu_only);
  placement.quant = question.quant;
  placement.context = question.context.value_or(0);
  placement.parallel = question.parallel;
  placement.kv_type = question.kv_type;
  annotate(placement, shape, memory);
  if (question.vision && !shape.vision)
    placement.notes.push_back({Severity::warning, "vision-tower-unknown",
                               shape.vision_unknown.empty() ? shape.name + " takes no pictures that we know of; no vision tower is counted"
                                                            : "the vision tower is not counted: " + shape.vision_unknown,
                               "with --mmproj FILE it is"});
  return placement;
}

Result<Placement> fit(const Machine& machine, const ModelShape& shape, const FitQuestion& question, const FitPolicy& policy) {
  auto weights = weights_of(shape, question.quant);
  if (!weights) return weights.error();
  const MemoryView memory = memory_view(machine, policy);
  auto placement = fit(memory, shape, *weights, question);
  if (!placement) return placement;
  placement->remedies = remedies_for(memory, shape, *weights, question, *placement, true);
  placement->notes.insert(placement->notes.end(), memory.notes.begin(), memory.notes.end());
  return placement;
}

std::vector<Remedy> remedies_for(const MemoryView& memory, const ModelShape& shape, const ModelWeights& weights,
                                 const FitQuestion& question, const Placement& placement, bool requantise) {
  std::vector<Remedy> remedies;
  if (placement.verdict >= Verdict::tight) return remedies;
  const auto helps = [&](Verdict verdict) { return verdict > placement.verdict; };
  if (question.kv_type == "f16" || question.kv_type == "bf16" || question.kv_type == "f32") {
    FitQuestion smaller = question;
    smaller.kv_type = "q8_0";
    smaller.context = placement.context;
    const auto answer = fit(memory, shape, weights, smaller);
    if (answer && helps(answer->verdict)) remedies.push_back({"kv-type", smaller.kv_type, answer->verdict});
  }
  if (placement.context > k_least_context) {
    // The largest context by which it is all on accelerators; failing that, by which it runs at all.
    const WeightDemand demand = demand_of(shape, weights, question);
    const auto state_at = [&](std::int64_t tokens) { return demand_of(shape, tokens, question).value_or(StateDemand{}); };
    const auto largest = largest_context(memory, demand, state_at, k_least_context, placement.context, question.cpu_only);
    if (largest && *largest < placement.context)
      if (const auto at = place(memory, demand, state_at(*largest), question.cpu_only).verdict; helps(at))
        remedies.push_back({"context", std::to_string(*largest), at});
  }
  if (!requantise) return remedies;
  const auto layout = WeightLayout::of(shape);
  if (!layout) return remedies;
  std::optional<Remedy> runs;
  for (const Quantization& mix : quantizations()) {
    if (mix.container != "gguf") continue;
    const auto laid_out = layout->in(mix.id);
    if (!laid_out || laid_out->total() >= weights.total()) continue;
    FitQuestion other = question;
    other.quant = mix.id;
    other.context = placement.context;
    const auto answer = fit(memory, shape, *laid_out, other);
    if (!answer || !helps(answer->verdict)) continue;
    if (answer->verdict >= Verdict::tight) {
      remedies.push_back({"quant", mix.id, answer->verdict});
      return remedies;
    }
    if (!runs) runs = Remedy{"quant", mix.id, answer->verdict};
  }
  if (runs) remedies.push_back(*runs);
  return remedies;
}

}  // namespace hardscape
