// A model's name as people write it, with or without a quantisation at its end.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hardscape/result.hpp"

namespace hardscape {

struct NamedModel {
  std::string name;
  std::optional<std::string> quant;   // as quantizations() writes it
};

// "llama-3.1-8b:Q8_0" and "Llama-3.1-8B-Instruct-Q8_0" name a quantisation, "llama3.1:8b" and "gpt-oss-20b" do not.
// Errors: what stands behind a colon looks like a quantisation that nobody knows. Pure; thread-safe.
Result<NamedModel> split_model_name(std::string_view text);

}  // namespace hardscape
