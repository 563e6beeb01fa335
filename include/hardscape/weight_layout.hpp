// The weights of one model in one quantisation after the other.
//
// What does not depend on the quantisation is worked out once, and tensors that are alike are counted together: for
// sweeps over quantisations, where weights_of() would plan the model anew each time. The bytes are the same.
// Thread-safe.
#pragma once

#include <memory>
#include <string_view>

#include "hardscape/model_memory.hpp"

namespace hardscape {

class WeightLayout {
 public:
  // Keeps nothing of the shape. Errors: an architecture that is not known; a shape that does not say enough.
  static Result<WeightLayout> of(const ModelShape& shape);

  // Error: unknown mix.
  Result<ModelWeights> in(std::string_view quantization) const;

 private:
  struct Inside;
  explicit WeightLayout(std::shared_ptr<const Inside> inside) : inside_(std::move(inside)) {}

  std::shared_ptr<const Inside> inside_;
};

}  // namespace hardscape
