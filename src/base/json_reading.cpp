#include "base/json_reading.hpp"

#include <algorithm>
#include <cmath>

namespace hardscape {

namespace {

template <class Any>
Result<Any> parse(std::string_view text, std::string_view place) {
  try {
    return Any::parse(text);
  } catch (const typename Any::parse_error& error) {
    const std::size_t at = std::min(error.byte == 0 ? 0 : error.byte - 1, text.size());
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    const auto line_start = text.rfind('\n', at == 0 ? 0 : at - 1);
    const std::size_t column = line_start == std::string_view::npos ? at + 1 : at - line_start;
    std::string_view what = error.what();
    const auto colon = what.find("; ");
    return Error{ErrorCode::malformed, std::string(place) + ":" + std::to_string(line) + ":" + std::to_string(column) +
                                           ": not valid JSON" +
                                           (colon == std::string_view::npos ? "" : ": " + std::string(what.substr(colon + 2)))};
  } catch (const typename Any::exception& error) {  // 1e999: a number beyond what a double holds, which has no place in the text
    std::string_view what = error.what();
    return Error{ErrorCode::malformed, std::string(place) + ": not JSON that can be read: " +
                                           std::string(what.substr(std::min(what.find("] ") + 2, what.size())))};
  }
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view place) { return parse<Json>(text, place); }
Result<OrderedJson> parse_ordered_json(std::string_view text, std::string_view place) { return parse<OrderedJson>(text, place); }

std::optional<JsonValue> JsonReader::member(std::string_view key) const {
  const auto found = value_.find(key);
  return found && !found->is_null() ? found : std::nullopt;
}

bool JsonReader::has(std::string_view key) const { return member(key).has_value(); }

void JsonReader::fail(std::string_view key, std::string_view expected) const {
  if (failure_) return;
  const auto found = member(key);
  failure_ = Error{ErrorCode::malformed, pointer_ + "/" + std::string(key) + ": expected " + std::string(expected) +
                                             (found ? ", found " + found->dump().substr(0, 60) : ", found nothing")};
}

std::optional<std::string> JsonReader::text(std::string_view key) const {
  const auto found = member(key);
  if (!found) return std::nullopt;
  if (found->is_text()) return std::string(found->text());
  fail(key, "a text");
  return std::nullopt;
}

std::optional<double> JsonReader::number(std::string_view key) const {
  const auto found = member(key);
  if (!found) return std::nullopt;
  if (found->is_number() && std::isfinite(found->number())) return found->number();
  fail(key, "a number");
  return std::nullopt;
}

std::optional<std::int64_t> JsonReader::integer(std::string_view key) const {
  const auto found = member(key);
  if (!found) return std::nullopt;
  const auto whole = found->integer();
  if (!whole) fail(key, found->is_whole() ? "a whole number below 2^63" : "a whole number");
  return whole;
}

std::optional<bool> JsonReader::flag(std::string_view key) const {
  const auto found = member(key);
  if (!found) return std::nullopt;
  if (found->is_flag()) return found->flag();
  fail(key, "true or false");
  return std::nullopt;
}

std::string JsonReader::need_text(std::string_view key) const {
  auto found = text(key);
  if (!found) fail(key, "a text");
  return found.value_or("");
}

double JsonReader::need_number(std::string_view key) const {
  const auto found = number(key);
  if (!found) fail(key, "a number");
  return found.value_or(0);
}

std::int64_t JsonReader::need_integer(std::string_view key) const {
  const auto found = integer(key);
  if (!found) fail(key, "a whole number");
  return found.value_or(0);
}

std::optional<JsonReader> JsonReader::object(std::string_view key) const {
  const auto found = member(key);
  if (!found) return std::nullopt;
  if (!found->is_object()) {
    fail(key, "an object");
    return std::nullopt;
  }
  return JsonReader(*found, pointer_ + "/" + std::string(key), failure_);
}

std::vector<JsonReader> JsonReader::array(std::string_view key) const {
  std::vector<JsonReader> out;
  const auto found = member(key);
  if (!found) return out;
  if (!found->is_array()) {
    fail(key, "an array");
    return out;
  }
  const std::string place = pointer_ + "/" + std::string(key) + "/";
  const auto elements = found->elements();
  out.reserve(elements.size());
  for (std::size_t index = 0; index < elements.size(); ++index)
    out.emplace_back(elements[index], place + std::to_string(index), failure_);
  return out;
}

std::vector<std::string> JsonReader::texts(std::string_view key) const {
  std::vector<std::string> out;
  const auto found = member(key);
  if (!found) return out;
  const auto elements = found->elements();
  if (!found->is_array() || !std::all_of(elements.begin(), elements.end(), [](JsonValue v) { return v.is_text(); })) {
    fail(key, "an array of texts");
    return out;
  }
  for (const auto element : elements) out.emplace_back(element.text());
  return out;
}

}  // namespace hardscape
