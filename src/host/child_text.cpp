#include "host/child_text.hpp"

#include <unistd.h>

namespace hardscape {

Result<std::string> text_from_child(const Host& host, std::chrono::milliseconds limit, const std::function<std::string()>& ask) {
  return host.child(
      [&](int descriptor) {
        const std::string text = ask();
        std::size_t written = 0;
        while (written < text.size()) {
          const ssize_t now = ::write(descriptor, text.data() + written, text.size() - written);
          if (now <= 0) return;
          written += static_cast<std::size_t>(now);
        }
      },
      limit);
}

}  // namespace hardscape
