// Random weights in the engine's own number formats.
#pragma once

#include <map>
#include <memory>

#include "base/statistics.hpp"
#include "engine/llama_api.hpp"
#include "engine/synthetic/gguf_writer.hpp"

namespace hardscape {

// Normal numbers of standard deviation 1/sqrt(row length), so that activations keep their size from layer to layer and
// logits stay finite; norms are ones, biases zero. Random bytes would not do: one in 32 random half-precision scales is
// infinite or no number. Rows repeat from a pool: no code path of decoding looks at the weights' values.
class RandomRows {
 public:
  RandomRows(std::shared_ptr<const LlamaApi> api, std::uint64_t seed, bool outliers) : api_(std::move(api)), random_(seed), outliers_(outliers) {}

  void fill(const TensorPlan& tensor, std::uint64_t offset, std::uint64_t most, std::string& out);

 private:
  const std::string& pool_of(const TensorPlan& tensor);

  std::shared_ptr<const LlamaApi> api_;
  float draw(double deviation);

  Splitmix random_;
  bool outliers_ = false;
  std::map<std::string, std::string> pools_;
};

}  // namespace hardscape
