#include "hardscape/model_name.hpp"

#include "hardscape/quantization.hpp"

namespace hardscape {

NamedModel split_model_name(std::string_view text) {
  // From the left, so that "qwen3-8b-MLX-4bit" ends in MLX-4bit.
  for (std::size_t at = text.find_first_of(":-"); at != std::string_view::npos && at > 0; at = text.find_first_of(":-", at + 1))
    if (const auto quant = find_quantization(text.substr(at + 1)))
      return {std::string(text.substr(0, at)), (*quant)->id};
  return {std::string(text), std::nullopt};
}

}  // namespace hardscape
