#include <fcntl.h>
#include <dirent.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#ifdef __linux__
#include <linux/openat2.h>
#endif

#include "base/text.hpp"
#include "hardscape/host.hpp"
#include "host/path_walk.hpp"

namespace hardscape {
namespace {

struct Descriptor {
  int fd = -1;
  explicit Descriptor(int f) : fd(f) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

// Opens a path below a root descriptor; absolute and dot-dot links resolve inside the root.
int open_inside(int root, bool live, std::string_view path, int flags) {
  const std::string name(path);
  if (live) return ::open(name.c_str(), flags | O_CLOEXEC);
#if defined(__linux__) && defined(SYS_openat2)
  struct open_how how {};
  how.flags = static_cast<__u64>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  const long fd = ::syscall(SYS_openat2, root, name.c_str(), &how, sizeof how);
  if (fd >= 0) return static_cast<int>(fd);
  // Kernels before 5.6 and some sandboxes have no openat2; the walk below needs none.
  if (errno != ENOSYS && errno != EPERM) return -1;
#endif
  return open_walking(root, path, flags);
}

}  // namespace

Result<FileTree> FileTree::open(const std::string& root) {
  const int fd = ::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    return Error{errno == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                 "opening the root folder " + root + ": " + std::strerror(errno) +
                     "; give a folder that holds /proc and /sys of a machine"};
  }
  FileTree tree;
  tree.root_ = root;
  tree.live_ = root == "/";
  tree.descriptor_ = std::shared_ptr<const int>(new int(fd), [](const int* p) {
    ::close(*p);
    delete p;
  });
  return tree;
}

std::optional<std::string> FileTree::read(std::string_view path, std::size_t limit) const {
  // O_NONBLOCK: a FIFO planted in a recorded tree must not hang us.
  const Descriptor file(open_inside(*descriptor_, live_, path, O_RDONLY | O_NONBLOCK));
  if (file.fd < 0) return std::nullopt;
  struct stat info {};
  if (::fstat(file.fd, &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;

  std::string text;
  std::array<char, 4096> chunk;  // sysfs attributes are at most one page
  while (text.size() < limit) {
    const ssize_t got = ::read(file.fd, chunk.data(), std::min(chunk.size(), limit - text.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    text.append(chunk.data(), static_cast<std::size_t>(got));
  }
  if (recorder_ && recorder_->file) recorder_->file(path, text);
  return text;
}

std::optional<std::string> FileTree::read_line(std::string_view path) const {
  auto text = read(path);
  if (!text) return std::nullopt;
  std::string_view view = *text;
  while (!view.empty() && (view.back() == '\0' || view.back() == '\n' || view.back() == ' ' || view.back() == '\t' ||
                           view.back() == '\r'))
    view.remove_suffix(1);
  if (view.empty()) return std::nullopt;
  text->resize(view.size());
  return text;
}

std::optional<std::int64_t> FileTree::read_number(std::string_view path) const {
  const auto text = read(path, 64);
  if (!text) return std::nullopt;
  const std::string_view view = trim(*text);
  return view.starts_with("0x") ? parse_integer(view, 16) : parse_integer(view);
}

std::vector<std::string> FileTree::list(std::string_view path) const {
  std::vector<std::string> names;
  const int fd = open_inside(*descriptor_, live_, path, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
  if (fd < 0) return names;
  DIR* folder = ::fdopendir(fd);
  if (folder == nullptr) {
    ::close(fd);
    return names;
  }
  constexpr std::size_t k_most_names = 65536;  // a hostile folder may hold millions
  while (const dirent* entry = ::readdir(folder)) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    names.emplace_back(name);
    if (names.size() == k_most_names) break;
  }
  ::closedir(folder);
  std::sort(names.begin(), names.end(), natural_less);
  if (recorder_ && recorder_->folder) recorder_->folder(path);
  return names;
}

std::optional<std::string> FileTree::link_target(std::string_view path) const {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string folder(slash == 0 ? "/" : path.substr(0, slash));
  const std::string name(path.substr(slash + 1));
  const Descriptor parent(open_inside(*descriptor_, live_, folder, O_RDONLY | O_DIRECTORY));
  if (parent.fd < 0) return std::nullopt;
  std::array<char, 4096> target;
  const ssize_t length = ::readlinkat(parent.fd, name.c_str(), target.data(), target.size());
  if (length <= 0 || static_cast<std::size_t>(length) == target.size()) return std::nullopt;
  std::string text(target.data(), static_cast<std::size_t>(length));
  if (recorder_ && recorder_->link) recorder_->link(path, text);
  return text;
}

std::optional<std::string> FileTree::link_name(std::string_view path) const {
  auto target = link_target(path);
  if (!target) return std::nullopt;
  const auto slash = target->rfind('/');
  return slash == std::string::npos ? *target : target->substr(slash + 1);
}

bool FileTree::exists(std::string_view path) const {
#ifdef O_PATH
  constexpr int k_look = O_PATH;
#else
  constexpr int k_look = O_RDONLY | O_NONBLOCK;
#endif
  const Descriptor entry(open_inside(*descriptor_, live_, path, k_look));
  return entry.fd >= 0;
}

bool FileTree::is_accessible(std::string_view path) const {
  return live_ && ::access(std::string(path).c_str(), R_OK | W_OK) == 0;
}

}  // namespace hardscape
