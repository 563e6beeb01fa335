#include "base/json_reading.hpp"

#include <algorithm>
#include <cmath>

namespace hardscape {

Result<Json> parse_json(std::string_view text, std::string_view place) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    const std::size_t at = std::min(error.byte == 0 ? 0 : error.byte - 1, text.size());
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    const auto line_start = text.rfind('\n', at == 0 ? 0 : at - 1);
    const std::size_t column = line_start == std::string_view::npos ? at + 1 : at - line_start;
    std::string_view what = error.what();
    const auto colon = what.find("; ");
    return Error{ErrorCode::malformed, std::string(place) + ":" + std::to_string(line) + ":" + std::to_string(column) +
                                           ": not valid JSON" +
                                           (colon == std::string_view::npos ? "" : ": " + std::string(what.substr(colon + 2)))};
  }
}

const Json* JsonReader::member(std::string_view key) const {
  if (!value_.is_object()) return nullptr;
  const auto found = value_.find(key);
  return found == value_.end() || found->is_null() ? nullptr : &*found;
}

bool JsonReader::has(std::string_view key) const { return member(key) != nullptr; }

void JsonReader::fail(std::string_view key, std::string_view expected) const {
  if (failure_) return;
  const Json* found = member(key);
  failure_ = Error{ErrorCode::malformed, pointer_ + "/" + std::string(key) + ": expected " + std::string(expected) +
                                             (found == nullptr ? ", found nothing" : ", found " + found->dump().substr(0, 60))};
}

std::optional<std::string> JsonReader::text(std::string_view key) const {
  const Json* found = member(key);
  if (found == nullptr) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  fail(key, "a text");
  return std::nullopt;
}

std::optional<double> JsonReader::number(std::string_view key) const {
  const Json* found = member(key);
  if (found == nullptr) return std::nullopt;
  if (found->is_number() && std::isfinite(found->get<double>())) return found->get<double>();
  fail(key, "a number");
  return std::nullopt;
}

std::optional<std::int64_t> JsonReader::integer(std::string_view key) const {
  const Json* found = member(key);
  if (found == nullptr) return std::nullopt;
  if (found->is_number_unsigned() && found->get<std::uint64_t>() > INT64_MAX) {
    fail(key, "a whole number below 2^63");
    return std::nullopt;
  }
  if (found->is_number_integer()) return found->get<std::int64_t>();
  fail(key, "a whole number");
  return std::nullopt;
}

std::optional<bool> JsonReader::flag(std::string_view key) const {
  const Json* found = member(key);
  if (found == nullptr) return std::nullopt;
  if (found->is_boolean()) return found->get<bool>();
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
  const Json* found = member(key);
  if (found == nullptr) return std::nullopt;
  if (!found->is_object()) {
    fail(key, "an object");
    return std::nullopt;
  }
  return JsonReader(*found, pointer_ + "/" + std::string(key), failure_);
}

std::vector<JsonReader> JsonReader::array(std::string_view key) const {
  std::vector<JsonReader> out;
  const Json* found = member(key);
  if (found == nullptr) return out;
  if (!found->is_array()) {
    fail(key, "an array");
    return out;
  }
  std::size_t index = 0;
  for (const auto& element : *found)
    out.emplace_back(element, pointer_ + "/" + std::string(key) + "/" + std::to_string(index++), failure_);
  return out;
}

std::vector<std::string> JsonReader::texts(std::string_view key) const {
  std::vector<std::string> out;
  for (const auto& element : array(key)) {
    if (!element.json().is_string()) {
      fail(key, "an array of texts");
      return {};
    }
    out.push_back(element.json().get<std::string>());
  }
  return out;
}

}  // namespace hardscape
