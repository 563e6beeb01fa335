// A model as people name it on the command line: an entry of the catalogue, with a quantisation at its end or without,
// or a file that describes one.
#pragma once

#include <optional>
#include <string>

#include "hardscape/catalogue.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/model_name.hpp"
#include "hardscape/model_shape.hpp"
#include "hardscape/result.hpp"

namespace hardscape::cli {

struct ModelInput {
  ModelShape shape;
  const ModelRecord* record = nullptr;      // of the catalogue, which must outlive it; null for files
  std::optional<ModelWeights> weights;      // real tensors of a file
  std::string quant;                        // that was said, or the usual one
  std::string note;                         // another model's record stands in
};

// The name alone, and the quantisation at its end or of --quant (empty: not given), which may not say two.
Result<NamedModel> read_model_name(const std::string& text, const std::string& quant);
// *.gguf, *.json, or a path of a folder (with a slash) that has a config.json.
bool is_model_file(const std::string& text);
// A name of a file, or of a model in the catalogue. Errors name what was tried.
Result<ModelInput> read_model(const std::string& text, const Catalogue& catalogue, const std::string& quant = {});
// A vision tower with its projector, as llama.cpp's --mmproj takes it.
Result<VisionShape> read_mmproj(const std::string& path);
// All of a draft model beside the main one: weights as usual, a cache of the same size and its buffers.
Result<MemoryNeed> draft_need(const std::string& name, const Catalogue& catalogue, const MemoryOptions& options);

}  // namespace hardscape::cli
