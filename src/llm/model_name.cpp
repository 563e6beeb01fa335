#include "hardscape/model_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.hpp"
#include "hardscape/quantization.hpp"

namespace hardscape {

namespace {

constexpr std::string_view k_name_marks = ":-@._/ ";

// Letters that a digit follows in the names of number formats only; and ways to store weights that have no digits.
constexpr std::array<std::string_view, 8> k_format_letters{"q", "iq", "tq", "fp", "bf", "int", "mxfp", "nvfp"};
constexpr std::array<std::string_view, 5> k_other_formats{"bnb", "exl2", "exl3", "hqq", "aqlm"};

// "Q9_9", "iq7", "bnb"; "8b", "mini-4k", "qwen3" and "latest" are none.
bool starts_a_format(std::string_view word) {
  const auto has_digit_after = [word](std::string_view letters) {
    return word.size() > letters.size() && starts_with_ignoring_case(word, letters) &&
           std::isdigit(static_cast<unsigned char>(word[letters.size()])) != 0;
  };
  const auto is = [word](std::string_view other) { return equal_ignoring_case(word, other); };
  return std::any_of(k_format_letters.begin(), k_format_letters.end(), has_digit_after) ||
         std::any_of(k_other_formats.begin(), k_other_formats.end(), is);
}

// "gemma-3-27b-it-qat-q4_0-gguf": the container says nothing of the format.
std::string_view without_container(std::string_view text) {
  constexpr std::string_view k_container = "gguf";
  if (text.size() <= k_container.size() + 1) return text;
  const std::size_t mark = text.size() - k_container.size() - 1;
  const bool has = equal_ignoring_case(text.substr(mark + 1), k_container) && k_name_marks.find(text[mark]) != std::string_view::npos;
  return has ? text.substr(0, mark) : text;
}

}  // namespace

Result<NamedModel> split_model_name(std::string_view text) {
  const std::string_view whole = without_container(text);
  NamedModel named{std::string(text), std::nullopt};
  // From the left, so that "qwen3-8b-MLX-4bit" ends in MLX-4bit.
  for (std::size_t at = whole.find_first_of(k_name_marks); at != std::string_view::npos && at > 0 && !named.quant;
       at = whole.find_first_of(k_name_marks, at + 1)) {
    if (const auto quant = find_quantization(whole.substr(at + 1))) named = {std::string(whole.substr(0, at)), (*quant)->id};
  }
  for (std::size_t at = named.name.find_first_of(k_name_marks); at != std::string::npos; at = named.name.find_first_of(k_name_marks, at + 1)) {
    const std::string_view rest = std::string_view(named.name).substr(at + 1);
    if (at > 0 && starts_a_format(rest.substr(0, rest.find_first_of(k_name_marks))))
      return Error{ErrorCode::invalid_argument, find_quantization(rest).error().message};
  }
  return named;
}

std::string usual_quantization(const ModelRecord& record) {
  return equal_ignoring_case(record.native_quant, "mxfp4") ? "MXFP4" : "Q4_K_M";
}

}  // namespace hardscape
