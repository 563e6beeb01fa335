// JSON that a test expects to be right; anything else ends the test with the complaint.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "base/json_reading.hpp"
#include "support/read_whole.hpp"

namespace hardscape {

inline Json parsed(std::string_view text, std::string_view place = "the text") {
  auto json = parse_json(text, place);
  if (!json) throw std::runtime_error(json.error().message + " in " + std::string(text.substr(0, 200)));
  return *std::move(json);
}

// `name` relative to the project: "tests/select/guide_cases.json".
inline Json parsed_file(const std::string& name) { return parsed(read_whole(std::string(HARDSCAPE_SOURCE_DIR "/") + name), name); }

}  // namespace hardscape
