// Micro-batches that follow each other through devices which hold a part of the layers each.
#pragma once

#include "hardscape/predict_backend.hpp"

namespace hardscape::predict {

// How many times as long as one device spends on one micro-batch the whole takes, from the first token to the last:
// `runs * devices` where nothing overlaps, `runs + devices - 1` at best. `queue` is how many micro-batches' worth of a
// device's commands its queue holds: one thread hands out all commands in order, micro-batch by micro-batch and device by
// device, and has to wait where a queue is full, so that devices behind that one wait too. 0: queues without end.
// Exact for micro-batches of equal length.
double pipeline_length(double runs, int devices, double queue);

// Commands that a layer needs on one device in prefill; 0 unknown.
double commands_per_layer(const Launches& launches, bool fused_attention, bool wide_weights);

}  // namespace hardscape::predict
