#include "engine/endpoint/event_stream.hpp"

namespace hardscape {

bool EventStream::feed(std::string_view bytes, const std::function<void(std::string_view)>& event) {
  for (const char c : bytes) {
    // A line ends with \n, \r or \r\n.
    if (c == '\n' && after_return_) {
      after_return_ = false;
      continue;
    }
    after_return_ = c == '\r';
    if (c != '\n' && c != '\r') {
      line_ += c;
      if (line_.size() > k_longest_event) return false;
      continue;
    }
    if (line_.empty()) {
      if (!data_.empty()) event(data_);
      data_.clear();
    } else if (line_.rfind("data:", 0) == 0) {
      std::string_view value = std::string_view(line_).substr(5);
      if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
      if (!data_.empty()) data_ += '\n';
      data_ += value;
      if (data_.size() > k_longest_event) return false;
    }
    line_.clear();
  }
  return true;
}

}  // namespace hardscape
