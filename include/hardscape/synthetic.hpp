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

// The first `layers` layers of the model, without what drafts ahead.
ModelShape shortened(const ModelShape& shape, int layers);

// Two shorter versions whose layers mix as the whole's do, the larger within `room` bytes of weights. Errors
// (unsupported): layers that follow no pattern, or that reach back to others; (invalid_argument): not even two fit.
struct ShorterPair {
  int few = 0;
  int more = 0;
};
Result<ShorterPair> shorter_pair(const ModelShape& shape, const std::string& quantization, Bytes room);

// The point of a shorter version from its report: `depth` tokens in context, half-way through the answer.
Result<BenchPoint> point_of(const BenchReport& report, const ModelShape& shape, const std::string& quantization);
// Of two runs of one version in processes of their own; the noise holds what they differ by.
BenchPoint mean_of(const BenchPoint& a, const BenchPoint& b);
// The whole model from two points: `whole` carries its work and no times. Needs two points that differ in work.
Result<BenchExtrapolation> extrapolate(const BenchPoint& few, const BenchPoint& more, const BenchPoint& whole, int prompt_tokens);

// Size of the file that would be written.
Result<Bytes> synthetic_bytes(const ModelShape& shape, const std::string& quantization);
// Writes it below `folder` unless it is there. `fill` numbers a filling of the weights: odd ones are normal
// numbers, even ones have a thousandth of outliers, twenty times as wide, as trained weights do.
Result<SyntheticFile> make_synthetic(const Host& host, const ModelShape& shape, const std::string& quantization, const std::string& folder,
                                     int fill = 1, const BenchProgress& progress = {}, const StopRequested& stop = {});

}  // namespace hardscape
