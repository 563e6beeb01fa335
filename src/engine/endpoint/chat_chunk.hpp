// One chunk of a streamed chat completion, as OpenAI's API reference and its imitators write it.
#pragma once

#include <optional>
#include <string_view>

#include "hardscape/result.hpp"

namespace hardscape {

struct ChatChunk {
  bool has_text = false;                 // content or reasoning: the first of either is the first token
  std::optional<int> prompt_tokens;      // from the usage record at the end
  std::optional<int> output_tokens;
  std::optional<int> cached_tokens;
  std::optional<std::string> error;      // a server may report failure inside the stream
};

Result<ChatChunk> read_chat_chunk(std::string_view payload);

}  // namespace hardscape
