// One way of laying a model out over some devices of one group, before it is judged.
#pragma once

#include <span>
#include <vector>

#include "hardscape/fit.hpp"

namespace hardscape::layout {

// What is not on the accelerators.
struct Cut {
  int host_layers = 0;    // the first ones, whole
  int expert_layers = 0;  // of the layers after them, so many keep their experts on the host
};

struct Load {
  int first_layer = 0;
  int layers = 0;
  bool output = false;
  Bytes copies{0};        // of inputs, where several devices work on parts of a batch
  Bytes bytes{0};         // everything, the runtime included
};

struct Filled {
  std::vector<Load> loads;  // one a device
  Bytes overflow{0};        // that the last device lacks; 0: it fits
};

class Model {
 public:
  Model(const WeightDemand& weights, const StateDemand& state);

  int layers() const { return static_cast<int>(weights_.layers.size()); }
  bool has_experts() const { return experts_.back().value > 0; }
  const WeightDemand& weights() const { return weights_; }
  const StateDemand& state() const { return state_; }

  // Bytes of a layer on an accelerator.
  Bytes layer(int index, const Cut& cut) const;
  // What the first device sets aside for copies of the host's experts, one tensor at a time.
  Bytes lent(const Cut& cut) const;
  // Everything that the host holds with this cut, the process included.
  MemoryParts host(const Cut& cut, const MemoryPool& pool, bool unified) const;
  // Sums over layers [from, to) in the parts' own columns.
  MemoryParts device(const Load& load, const Cut& cut, const MemoryPool& pool, bool first) const;
  // Layers in order, each device as full as `budgets` allow; the last takes what is left.
  Filled fill(std::span<const MemoryPool* const> pools, std::span<const Bytes> budgets, const Cut& cut) const;

 private:
  const WeightDemand& weights_;
  const StateDemand& state_;
  std::vector<Bytes> resident_;  // prefix sums: dense weights and state
  std::vector<Bytes> experts_;   // prefix sums
  std::vector<Bytes> lent_;      // prefix maxima

  Bytes span_of(int from, int to, const Cut& cut) const;
};

}  // namespace hardscape::layout
