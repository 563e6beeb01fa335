// A model's name as people write it, with or without a quantisation at its end.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hardscape/model_record.hpp"
#include "hardscape/result.hpp"

namespace hardscape {

struct NamedModel {
  std::string name;
  std::optional<std::string> quant;   // as quantizations() writes it
};

// "llama-3.1-8b:Q8_0", "Llama-3.1-8B-Instruct-Q8_0" and "qwen3-8b@4bit" name a quantisation, "llama3.1:8b" and
// "gpt-oss-20b" do not. Errors: a part of the name is a quantisation that nobody knows. Pure; thread-safe.
Result<NamedModel> split_model_name(std::string_view text);

// What a model runs in when nobody says: the format it was trained for, where that is small, else Q4_K_M.
std::string usual_quantization(const ModelRecord& record);

}  // namespace hardscape
