// The options that say at what context and in what form a model's memory is asked for.
#pragma once

#include <limits>
#include <string>

#include "hardscape/model_memory.hpp"
#include "hardscape/model_shape.hpp"

namespace hardscape::cli {

class Options;

struct ModelOptions {
  static constexpr std::int64_t k_unset = std::numeric_limits<std::int64_t>::min();
  std::int64_t context = k_unset;  // then 8192, or the model's own when that is less
  int parallel = 1;
  bool unified = false;
  bool no_flash_attention = false;
  bool swa_full = false;
  std::string kv_type, kv_type_k, kv_type_v;
  int batch = 2048;
  int ubatch = 512;
  std::string quantization;
  bool vision = false;
  bool mtp = false;
  bool server = false;
  std::string mmproj;       // file of a vision tower
  std::string draft_model;  // catalogue id or file

  void add_to(Options& app);
  void add_quantization_to(Options& app);
  Result<MemoryOptions> memory(std::int64_t context_max) const;
  // Puts the tower of --mmproj in place of the catalogue's.
  Status put_vision(ModelShape& shape) const;
};

}  // namespace hardscape::cli
