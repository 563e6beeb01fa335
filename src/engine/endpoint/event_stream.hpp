// Server-sent events (WHATWG HTML, section 9.2): bytes in, "data" payloads out.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace hardscape {

class EventStream {
 public:
  static constexpr std::size_t k_longest_event = 1u << 20;  // a server that never ends a line must not fill our memory

  // Feeds bytes as they come, in pieces of any size; calls `event` for each complete payload. False: give up.
  bool feed(std::string_view bytes, const std::function<void(std::string_view)>& event);

 private:
  std::string line_;
  std::string data_;
  bool after_return_ = false;
};

}  // namespace hardscape
