// What llama.cpp's mmproj file of a catalogue model holds, from the shapes in data/architectures/vision_towers.json.
#pragma once

#include <string_view>

#include "hardscape/model_shape.hpp"

namespace hardscape::llm {

// Sets `vision`, or `vision_unknown` where the model takes pictures and its tower cannot be sized.
void set_vision(ModelShape& shape, std::string_view id);

}  // namespace hardscape::llm
