#include "api/speed_test_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/text.hpp"

namespace hardscape {
namespace {

constexpr double k_usual_generation = 128;
constexpr double k_usual_prompt = 512;
constexpr double k_usual_chat = 64;       // tokens before the answer, where a source says "short"
constexpr double k_mixed_context = 1024;  // suites that average over several shapes
constexpr double k_long_context = 2048; // "long-context" without a number (john-rocky/apple-silicon-llm-bench, BenchmarkTask.swift)
constexpr double k_most_tokens = 1e8;

std::optional<double> tokens(std::string_view text) {
  const auto value = parse_number(trim(text));
  if (!value || *value < 0 || *value > k_most_tokens) return std::nullopt;
  return value;
}

// The length that words name: "long-context-8k" is 8192 tokens, "after 512" is 512.
std::optional<double> length_in(std::string_view words) {
  std::optional<double> found;
  std::size_t at = 0;
  while (at < words.size()) {
    const auto begin = words.find_first_of("0123456789", at);
    if (begin == std::string_view::npos) break;
    at = std::min(words.find_first_not_of("0123456789.", begin), words.size());
    if (begin > 0 && std::isalpha(static_cast<unsigned char>(words[begin - 1])) != 0) continue;  // "v2" is no length
    const bool of_1024 = at < words.size() && (words[at] == 'k' || words[at] == 'K');
    if (const auto value = tokens(words.substr(begin, at - begin))) found = *value * (of_1024 ? 1024 : 1);
  }
  if (!found && contains_ignoring_case(words, "long")) found = k_long_context;
  return found;
}

}  // namespace

Result<SpeedTest> parse_speed_test(std::string_view test, std::string_view context) {
  SpeedTest out;
  std::string_view name = trim(test);
  constexpr std::string_view k_offload = "-offload";
  if (name.size() > k_offload.size() && name.substr(name.size() - k_offload.size()) == k_offload) {
    out.offload = true;
    name.remove_suffix(k_offload.size());
  }
  const std::string_view kind = name.substr(0, 2);
  if (kind != "tg" && kind != "pp")
    return Error{ErrorCode::invalid_argument, fmt::format("test \"{}\" is none of tg, tgN, ppN.", test)};
  out.prefill = kind == "pp";
  std::optional<double> length;
  if (name.size() > 2) {
    length = tokens(name.substr(2));
    if (!length || *length < 1)
      return Error{ErrorCode::invalid_argument, fmt::format("test \"{}\" is none of tg, tgN, ppN.", test)};
  }
  const std::string_view place = trim(context);
  const auto at = place.find('@');
  std::optional<double> prompt = tokens(at == std::string_view::npos ? place : place.substr(0, at));
  const std::optional<double> depth = at == std::string_view::npos ? std::nullopt : tokens(place.substr(at + 1));
  if (at != std::string_view::npos && (!prompt || !depth))
    return Error{ErrorCode::invalid_argument, fmt::format("\"{}\" is no prompt at a depth such as 512@16384.", context)};
  const bool mixed = contains_ignoring_case(place, "mixed");
  if (at == std::string_view::npos && !prompt && !mixed && parse_number(place) == std::nullopt) prompt = length_in(place);
  if (out.prefill) {
    out.tokens = length ? *length : prompt ? *prompt : mixed ? k_mixed_context : k_usual_prompt;
    out.context = depth.value_or(0);
  } else {
    out.tokens = length.value_or(k_usual_generation);
    out.context = depth ? *depth : prompt ? *prompt : mixed ? k_mixed_context : place.empty() ? 0 : k_usual_chat;
  }
  return out;
}

}  // namespace hardscape
