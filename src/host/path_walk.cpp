#include "host/path_walk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace hardscape {
namespace {

// Folders open from the root down to where the walk is; the root's own descriptor is a duplicate.
class Trail {
 public:
  explicit Trail(int root) { open_.push_back(::fcntl(root, F_DUPFD_CLOEXEC, 0)); }
  Trail(const Trail&) = delete;
  Trail& operator=(const Trail&) = delete;
  ~Trail() {
    for (const int fd : open_) ::close(fd);
  }

  int here() const { return open_.back(); }
  bool enter(const std::string& name) {
    const int fd = ::openat(here(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return false;
    open_.push_back(fd);
    return true;
  }
  void leave() {
    if (open_.size() == 1) return;
    ::close(open_.back());
    open_.pop_back();
  }
  void restart() {
    while (open_.size() > 1) leave();
  }
  std::size_t depth() const { return open_.size(); }

 private:
  std::vector<int> open_;
};

void push_reversed(std::vector<std::string>& pending, std::string_view path) {
  const auto parts = split(path, '/');
  for (auto part = parts.rbegin(); part != parts.rend(); ++part)
    if (!part->empty() && *part != ".") pending.emplace_back(*part);
}

}  // namespace

int open_walking(int root, std::string_view path, int flags) {
  constexpr int k_most_links = 40;       // as the kernel
  constexpr std::size_t k_deepest = 256; // descriptors are not for free
  Trail trail(root);
  std::vector<std::string> pending;
  push_reversed(pending, path);
  int links = 0;
  while (!pending.empty()) {
    const std::string name = std::move(pending.back());
    pending.pop_back();
    if (name == "..") {
      trail.leave();
      continue;
    }
    std::array<char, 4096> target;
    const ssize_t length = ::readlinkat(trail.here(), name.c_str(), target.data(), target.size());
    if (length > 0) {
      if (++links > k_most_links || static_cast<std::size_t>(length) == target.size()) return -1;
      const std::string_view text(target.data(), static_cast<std::size_t>(length));
      if (text.front() == '/') trail.restart();
      push_reversed(pending, text);
      continue;
    }
    if (pending.empty()) return ::openat(trail.here(), name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC);
    if (trail.depth() > k_deepest || !trail.enter(name)) return -1;
  }
  return ::openat(trail.here(), ".", flags | O_CLOEXEC);
}

}  // namespace hardscape
