// Model files with random weights: the exact shapes and formats of a real model, without its download.
//
// Speed is that of the real thing, for no code path of decoding looks at the weights; text is noise. Made once, kept in
// a cache folder. Needs the embedded engine, whose number formats fill the tensors.
#pragma once

#include <functional>
#include <string>

#include "hardscape/bench.hpp"
#include "hardscape/host.hpp"
#include "hardscape/model_shape.hpp"
#include "hardscape/result.hpp"

namespace hardscape {

struct SyntheticFile {
  std::string path;
  Bytes bytes;
  bool was_there = false;
};

// hardscape/synthetic in XDG_CACHE_HOME, else in ~/.cache.
Result<std::string> synthetic_folder(const Environment& environment);

// Size of the file that would be written.
Result<Bytes> synthetic_bytes(const ModelShape& shape, const std::string& quantization);
// Writes it below `folder` unless it is there. `fill` numbers a filling of the weights.
Result<SyntheticFile> make_synthetic(const Host& host, const ModelShape& shape, const std::string& quantization, const std::string& folder,
                                     int fill = 1, const BenchProgress& progress = {}, const StopRequested& stop = {});

}  // namespace hardscape
