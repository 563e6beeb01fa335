// The keys that llama.cpp wants to see in a GGUF file of a model of this shape.
#pragma once

#include <vector>

#include "engine/synthetic/gguf_writer.hpp"
#include "hardscape/model_shape.hpp"

namespace hardscape {

// With a made-up tokenizer: three control tokens, the 256 bytes, then invented words, so that any text is tokens.
std::vector<GgufKey> synthetic_metadata(const ModelShape& shape);

}  // namespace hardscape
