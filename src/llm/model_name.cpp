#include "hardscape/model_name.hpp"

#include "hardscape/quantization.hpp"

namespace hardscape {

namespace {

// "Q9_9", "IQ7": a letter of their names first and a digit after; "8b" and "latest" are none.
bool looks_like_a_quantisation(std::string_view word) {
  constexpr std::string_view k_first = "QqIiFfBbTtMmNn";
  return !word.empty() && k_first.find(word[0]) != std::string_view::npos && word.find_first_of("0123456789") != std::string_view::npos;
}

}  // namespace

Result<NamedModel> split_model_name(std::string_view text) {
  // From the left, so that "qwen3-8b-MLX-4bit" ends in MLX-4bit.
  for (std::size_t at = text.find_first_of(":-"); at != std::string_view::npos && at > 0; at = text.find_first_of(":-", at + 1))
    if (const auto quant = find_quantization(text.substr(at + 1)))
      return NamedModel{std::string(text.substr(0, at)), (*quant)->id};
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos && colon > 0 && looks_like_a_quantisation(text.substr(colon + 1)))
    return Error{ErrorCode::invalid_argument, find_quantization(text.substr(colon + 1)).error().message};
  return NamedModel{std::string(text), std::nullopt};
}

}  // namespace hardscape
