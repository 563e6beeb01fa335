// Header and tensor table of a synthetic file.
#pragma once

#include <string>
#include <vector>

#include "engine/synthetic/gguf_writer.hpp"
#include "hardscape/model_shape.hpp"

namespace hardscape {

struct FilePlan {
  std::string header;
  std::vector<TensorPlan> tensors;
  std::uint64_t bytes = 0;
};

Result<FilePlan> plan_file(const ModelShape& shape, const std::string& quantization);

}  // namespace hardscape
