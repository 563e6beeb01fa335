// What a model asks of memory, layer by layer, so that it can be laid out over devices.
//
// Weights depend on the quantisation, state on context and parallel requests. Plain values; nothing here knows a
// machine; made from a shape by demand_of() inside the part.
#pragma once

#include <cstdint>
#include <vector>

#include "hardscape/units.hpp"

namespace hardscape {

struct LayerBytes {
  Bytes dense{0};    // attention, norms, router, shared experts, ordinary feed-forward
  Bytes experts{0};  // routed experts: the part that may stay in host memory by itself
  Bytes lent{0};     // what a device sets aside for experts that stay there: a batch is multiplied with a copy

  friend bool operator==(const LayerBytes&, const LayerBytes&) = default;
};

struct WeightDemand {
  std::vector<LayerBytes> layers;  // first to last
  Bytes input{0};                    // embedding table: looked up on the host
  Bytes output{0};                   // output norm and head, with the last layer
  Bytes output_copy{0};              // part of output that the file holds only once, as the embedding (tied)
  Bytes beside{0};                   // tower and projector, a draft model: on the first device

  friend bool operator==(const WeightDemand&, const WeightDemand&) = default;
};

struct LayerState {
  Bytes kv{0};
  Bytes recurrent{0};

  friend bool operator==(const LayerState&, const LayerState&) = default;
};

struct StateDemand {
  std::vector<LayerState> layers;
  Bytes compute{0};        // buffer on every device that holds layers
  Bytes compute_output{0}; // more of it where the output head is
  Bytes compute_copies{0}; // more of it on each of several devices that hold all layers
  Bytes compute_host{0};   // on the host when all layers are elsewhere
  Bytes output_buffer{0};  // logits on the host

  friend bool operator==(const StateDemand&, const StateDemand&) = default;
};

}  // namespace hardscape
