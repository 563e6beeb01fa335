#include "fit/layout.hpp"

#include <algorithm>

namespace hardscape::layout {

Model::Model(const WeightDemand& weights, const StateDemand& state) : weights_(weights), state_(state) {
  const std::size_t count = weights.layers.size();
  resident_.resize(count + 1);
  experts_.resize(count + 1);
  lent_.resize(count + 1);
  for (std::size_t i = 0; i < count; ++i) {
    const LayerState own = i < state.layers.size() ? state.layers[i] : LayerState{};
    resident_[i + 1] = resident_[i] + weights.layers[i].dense + own.kv + own.recurrent;
    experts_[i + 1] = experts_[i] + weights.layers[i].experts;
    lent_[i + 1] = std::max(lent_[i], weights.layers[i].lent);
  }
}

Bytes Model::span_of(int from, int to, const Cut& cut) const {
  if (to <= from) return Bytes{0};
  const auto at = [](const std::vector<Bytes>& sums, int i) { return sums[static_cast<std::size_t>(i)]; };
  const int with_experts = std::clamp(cut.host_layers + cut.expert_layers, from, to);
  return at(resident_, to) - at(resident_, from) + at(experts_, to) - at(experts_, with_experts);
}

Bytes Model::layer(int index, const Cut& cut) const { return span_of(index, index + 1, cut); }

Bytes Model::lent(const Cut& cut) const {
  return lent_[static_cast<std::size_t>(std::min(layers(), cut.host_layers + cut.expert_layers))];
}

MemoryParts Model::host(const Cut& cut, const MemoryPool& pool, bool unified) const {
  MemoryParts parts;
  const bool everything = cut.host_layers >= layers();
  parts.weights = weights_.input;
  if (everything) {
    parts.weights += weights_.output - weights_.output_copy + weights_.beside;
  } else if (unified) {
    // A tied table is one range of mapped pages there, counted with the accelerator.
    parts.weights = parts.weights - std::min(parts.weights, weights_.output_copy);
  }
  for (int i = 0; i < std::min(layers(), cut.host_layers + cut.expert_layers); ++i) {
    const auto index = static_cast<std::size_t>(i);
    parts.weights += weights_.layers[index].experts;
    if (i >= cut.host_layers) continue;
    parts.weights += weights_.layers[index].dense;
    if (index >= state_.layers.size()) continue;
    parts.kv += state_.layers[index].kv;
    parts.recurrent += state_.layers[index].recurrent;
  }
  Bytes compute = state_.compute_host;
  if (cut.host_layers > 0) compute = std::max(compute, state_.compute);
  if (everything) compute = std::max(compute, state_.compute + state_.compute_output);
  parts.compute = compute + state_.output_buffer;
  parts.overhead = pool.overhead;
  return parts;
}

MemoryParts Model::device(const Load& load, const Cut& cut, const MemoryPool& pool, bool first) const {
  MemoryParts parts;
  for (int i = load.first_layer; i < load.first_layer + load.layers; ++i) {
    const auto index = static_cast<std::size_t>(i);
    parts.weights += weights_.layers[index].dense;
    if (i >= cut.host_layers + cut.expert_layers) parts.weights += weights_.layers[index].experts;
    if (index >= state_.layers.size()) continue;
    parts.kv += state_.layers[index].kv;
    parts.recurrent += state_.layers[index].recurrent;
  }
  parts.compute = state_.compute + load.copies;
  if (first) {
    parts.weights += weights_.beside;
    if (!pool.unified) parts.compute += lent(cut);
  }
  if (load.output) {
    parts.weights += weights_.output;
    parts.compute += state_.compute_output;
  }
  parts.overhead = pool.overhead;
  return parts;
}

Filled Model::fill(std::span<const MemoryPool* const> pools, std::span<const Bytes> budgets, const Cut& cut) const {
  Filled filled;
  filled.loads.resize(pools.size());
  const int count = layers();
  const Bytes head = weights_.output + state_.compute_output;
  // llama.cpp pipelines a batch over devices only when nothing was left to the host.
  const bool pipelined = pools.size() > 1 && cut.host_layers == 0 && cut.expert_layers == 0;
  const Bytes copies = pipelined ? state_.compute_copies : Bytes{0};
  int next = cut.host_layers;
  bool first = true;
  bool output_placed = false;
  for (std::size_t d = 0; d < pools.size() && !output_placed; ++d) {
    const bool last = d + 1 == pools.size();
    Load& load = filled.loads[d];
    load.copies = copies;
    Bytes used = pools[d]->overhead + state_.compute + copies;
    if (first) used += weights_.beside + (pools[d]->unified ? Bytes{0} : lent(cut));
    load.first_layer = next;
    while (next < count && (last || used + layer(next, cut) <= budgets[d])) used += layer(next++, cut);
    load.layers = next - load.first_layer;
    // The head goes with the last layer unless it alone finds no room there.
    if (next == count && (last || used + head <= budgets[d])) {
      used += head;
      load.output = output_placed = true;
    }
    if (load.layers == 0 && !load.output) continue;
    load.bytes = used;
    first = false;
    if (last && used > budgets[d]) filled.overflow = used - budgets[d];
  }
  return filled;
}

}  // namespace hardscape::layout
