#include "engine/endpoint/chat_chunk.hpp"

#include "base/json_reading.hpp"
#include "base/text.hpp"

namespace hardscape {
namespace {

std::optional<int> count(const JsonReader& at, std::string_view key) {
  const auto value = at.integer(key);
  if (!value || *value < 0 || *value > 1'000'000'000) return std::nullopt;
  return static_cast<int>(*value);
}

bool has_text(const JsonReader& at, std::string_view key) {
  const auto text = at.text(key);
  return text && !text->empty();
}

}  // namespace

Result<ChatChunk> read_chat_chunk(std::string_view payload) {
  const auto json = JsonDocument::parse(payload, "streamed chunk");
  if (!json) return json.error();
  if (!json->root().is_object()) return Error{ErrorCode::malformed, "streamed chunk: expected an object"};
  std::optional<Error> failure;
  const JsonReader root(json->root(), "", failure);
  ChatChunk out;
  if (const auto error = root.object("error")) out.error = printable(error->text("message").value_or("unnamed error"));
  for (const auto& choice : root.array("choices")) {
    if (const auto delta = choice.object("delta"))
      out.has_text = has_text(*delta, "content") || has_text(*delta, "reasoning_content") || has_text(*delta, "reasoning");
    out.has_text = out.has_text || has_text(choice, "text");
  }
  if (const auto usage = root.object("usage")) {
    out.prompt_tokens = count(*usage, "prompt_tokens");
    out.output_tokens = count(*usage, "completion_tokens");
    if (const auto details = usage->object("prompt_tokens_details")) out.cached_tokens = count(*details, "cached_tokens");
  }
  if (failure) return std::move(*failure).within("streamed chunk");
  return out;
}

}  // namespace hardscape
